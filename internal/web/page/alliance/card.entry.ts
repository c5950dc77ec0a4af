// Contact cards: <card-box> is one's own and those one keeps, <card-shown> one that a link leads to.
import { define } from '../account/element.ts';
import { unveil } from '../account/unveil.ts';
import { CardBox } from './box.ts';
import { CardShown } from './shown.ts';

unveil(document);

define('card-box', CardBox);
define('card-shown', CardShown);
