// The script of messages. A list is light; what a conversation needs comes with it, and
// the sealing itself when a desk is opened.
import { define } from '../account/element.ts';
import { unveil } from '../account/unveil.ts';
import { MessageList } from './list.ts';

unveil(document); // before the elements look for their parts

define('message-list', MessageList);
if (document.querySelector('message-talk')) void import('./talk.ts').then((m) => define('message-talk', m.MessageTalk));
if (document.querySelector('message-room')) void import('./room.ts').then((m) => define('message-room', m.MessageRoom));
