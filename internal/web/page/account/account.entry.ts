// The script of the pages about joining, signing in and keys.
import { define } from './element.ts';
import { JoinKeys } from './join.ts';
import { ForgetDevice, PasskeyAdd, RootStatus } from './keep.ts';
import { PasskeySignIn, PhraseSignIn } from './signin.ts';
import { unveil } from './unveil.ts';

unveil(document); // before the elements look for their parts

define('join-keys', JoinKeys);
define('phrase-signin', PhraseSignIn);
define('passkey-signin', PasskeySignIn);
define('passkey-add', PasskeyAdd);
define('forget-device', ForgetDevice);
define('root-status', RootStatus);
