// The key with which somebody signs the keys of her devices. It is made from the root,
// so each of her devices has it and nobody can slip one in; the vault knows nothing of it.
import { p256 } from '@noble/curves/nist.js';
import { type Bytes, concat, utf8 } from '../account/bytes.ts';
import { derive } from '../account/derive.ts';
import type { Who } from './mls.ts';

const USE = 'messages identity';
const BOUND = 'guildhall/messages/leaf/1';

export interface Identity {
  secret: Bytes;
  public: Bytes;
}

export async function identityOf(root: Bytes): Promise<Identity> {
  const seed = concat(await derive(root, USE), await derive(root, `${USE} 2`)).slice(0, 48);
  const secret = new Uint8Array(p256.utils.randomSecretKey(seed));
  return { secret, public: new Uint8Array(p256.getPublicKey(secret, false)) };
}

const bound = (face: string, leaf: string, key: Uint8Array): Bytes =>
  concat(utf8([BOUND, face, leaf, ''].join('\0')), key);

/** Says of a device's key that it is of hers. */
export function prove(i: Identity, face: string, leaf: string, key: Bytes): Who {
  return { face, leaf, identity: i.public, proof: new Uint8Array(p256.sign(bound(face, leaf, key), i.secret)) };
}

/** Whether the owner of the identity has said so. */
export function proven(w: Who, key: Uint8Array): boolean {
  try {
    return p256.verify(w.proof, bound(w.face, w.leaf, key), w.identity);
  } catch {
    return false; // no key, or no signature
  }
}
