// What somebody notes about a connection: sealed under a key that only her browsers
// can derive, always of one length (docs/ACCOUNTS.md, Notes).
import { type Bytes, concat, decode, encode, random, utf8 } from '../account/bytes.ts';
import { derive, lock, unlock } from '../account/derive.ts';

/** Bytes of a note before it is sealed: two of length, the text, zeros. */
const PLAIN = 4096;

/** The most bytes of text that fit. */
export const MOST = PLAIN - 2;

const key = (root: Bytes): Promise<Bytes> => derive(root, 'connection notes');

const bound = (other: string): Bytes => utf8(`guildhall/notes/1/${other}`);

/** Seals a text about somebody; null when it is too long. Nothing is sealed as nothing. */
export async function seal(root: Bytes, other: string, text: string, nonce: Bytes = random(12)): Promise<string | null> {
  if (text === '') return '';
  const words = utf8(text);
  if (words.length > MOST) return null;
  const plain = concat(new Uint8Array([words.length >> 8, words.length & 255]), words, new Uint8Array(MOST - words.length));
  return encode(await lock(await key(root), nonce, plain, bound(other)));
}

/** Opens what seal made; null when it is somebody else's, about another, or broken. */
export async function open(root: Bytes, other: string, sealed: string): Promise<string | null> {
  if (sealed === '') return '';
  const box = decode(sealed);
  const plain = box && (await unlock(await key(root), box, bound(other)));
  if (!plain || plain.length !== PLAIN) return null;
  const n = ((plain[0] ?? 0) << 8) | (plain[1] ?? 0);
  return n > MOST ? null : new TextDecoder().decode(plain.subarray(2, 2 + n));
}
