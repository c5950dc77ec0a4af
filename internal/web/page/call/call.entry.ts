// The script of a call. What carries it is fetched when it begins.
import { define } from '../account/element.ts';
import { unveil } from '../account/unveil.ts';
import { CallPage } from './call.ts';

unveil(document); // before the element looks for its parts
define('call-page', CallPage);
