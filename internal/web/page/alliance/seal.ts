// A card on its way: sealed under a key of its own that stands in the link behind the #,
// which no browser sends. All have one length.
import { type Bytes, concat, decode, encode, random, utf8 } from '../account/bytes.ts';
import { lock, unlock } from '../account/derive.ts';

const PLAIN = 4096 - 28; // bytes before it is sealed: two of length, the card, zeros

const bound = (id: string): Bytes => utf8(`guildhall/cards/1/${id}`);

/** Seals a card's text; null when it is too long. */
export async function seal(id: string, text: string, key: Bytes = random(32)): Promise<{ body: string; key: string } | null> {
  const words = utf8(text);
  if (words.length > PLAIN - 2) return null;
  const plain = concat(new Uint8Array([words.length >> 8, words.length & 255]), words, new Uint8Array(PLAIN - 2 - words.length));
  return { body: encode(await lock(key, random(12), plain, bound(id))), key: encode(key) };
}

/** Opens what seal made; null when the key is not its, or it is broken. */
export async function open(id: string, body: Bytes, key: string): Promise<string | null> {
  const k = decode(key);
  const plain = k?.length === 32 ? await unlock(k, body, bound(id)) : null;
  if (!plain || plain.length !== PLAIN) return null;
  const n = ((plain[0] ?? 0) << 8) | (plain[1] ?? 0);
  return n > PLAIN - 2 ? null : new TextDecoder().decode(plain.subarray(2, 2 + n));
}

const LINK = /^\/cards\/([0-9a-z]{26})$/;

export const link = (id: string, key: string): string => `${location.origin}/cards/${id}#${key}`;

/** The card that an address leads to, if it is one of this hall. */
export function linked(text: string): URL | null {
  if (!/^https?:\S+$/.test(text)) return null;
  const u = URL.canParse?.(text) === false ? null : new URL(text);
  return u && u.origin === location.origin && LINK.test(u.pathname) && /^#[\w-]{43}$/.test(u.hash) ? u : null;
}
