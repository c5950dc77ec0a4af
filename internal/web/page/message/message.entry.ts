// The script of messages. The sealing itself is fetched when a desk is opened.
import { define } from '../account/element.ts';
import { unveil } from '../account/unveil.ts';
import { MessageList } from './list.ts';
import { MessageRoom } from './room.ts';
import { MessageTalk } from './talk.ts';

unveil(document); // before the elements look for their parts

define('message-list', MessageList);
define('message-talk', MessageTalk);
define('message-room', MessageRoom);
