// The script of the page that tells what works from outside for calls.
import { define } from '../account/element.ts';
import { unveil } from '../account/unveil.ts';
import { CallWays } from './ways.ts';

unveil(document); // before the element looks for its parts
define('call-ways', CallWays);
