// The script of a call by a link. What seals and carries it is fetched when one rings.
import { define } from '../account/element.ts';
import { unveil } from '../account/unveil.ts';
import { GuestPage } from './guest.ts';

unveil(document); // before the element looks for its parts
define('guest-page', GuestPage);
