// The script of safe spaces' pages.
import { define } from '../account/element.ts';
import { unveil } from '../account/unveil.ts';
import { SafeSpace } from './room.ts';

unveil(document); // before the element looks for its parts

define('safe-space', SafeSpace);
