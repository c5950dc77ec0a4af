// The script of the page of call links, and of the address at which one is booked.
import { define } from '../account/element.ts';
import { unveil } from '../account/unveil.ts';
import { BookingAddress } from './address.ts';
import { CallLinks } from './links.ts';

unveil(document); // before the element looks for its parts
define('call-links', CallLinks);
define('booking-address', BookingAddress);
