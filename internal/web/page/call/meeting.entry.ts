// The script of the page of a booking that is to come.
import { define } from '../account/element.ts';
import { unveil } from '../account/unveil.ts';
import { MeetingBell } from './bell.ts';
import { GuestPage } from './guest.ts';

unveil(document); // before the elements look for their parts
define('guest-page', GuestPage);
define('meeting-bell', MeetingBell);
