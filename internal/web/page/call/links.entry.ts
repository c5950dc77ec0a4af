// The script of the page of call links.
import { define } from '../account/element.ts';
import { unveil } from '../account/unveil.ts';
import { CallLinks } from './links.ts';

unveil(document); // before the element looks for its parts
define('call-links', CallLinks);
