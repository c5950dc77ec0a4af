// The safety number of a conversation: as words, as figures, and as a picture whose address
// holds it behind the #, which no browser sends. Opened by the other, the two are compared.
import { wordList } from '../account/phrase.ts';
import type { Bytes } from '../account/bytes.ts';
import { part } from './element.ts';

const SEEN = '#safety-';

const hex = (bytes: Bytes): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

/** The number that the address brings along from the other's picture; empty without one. */
export const brought = (): string => (location.hash.startsWith(SEEN) ? location.hash.slice(SEEN.length) : '');

/** What a comparison says: '' when nothing was brought. */
export function compared(bytes: Bytes | null): '' | 'safety_same' | 'safety_differs' {
  const other = brought();
  if (!other || !bytes) return '';
  return other === hex(bytes) ? 'safety_same' : 'safety_differs';
}

/** Shows the number in all its forms. */
export async function show(of: HTMLElement, group: string, bytes: Bytes): Promise<void> {
  const list = await wordList();
  let bits = 0n;
  for (const b of bytes.slice(0, 17)) bits = (bits << 8n) | BigInt(b);
  bits >>= 4n; // twelve words of eleven bits
  const words = Array.from({ length: 12 }, (_, i) => list[Number((bits >> BigInt(11 * (11 - i))) & 2047n)] ?? '');
  const put = (name: string, text: string): void => {
    const p = part(of, name);
    if (p) p.textContent = text;
  };
  put('words', words.join(' '));
  put('hex', hex(bytes).replace(/(.{4})(?=.)/g, '$1 '));
  const picture = of.querySelector('[data-part=qr]');
  if (picture) (await import('./qr.ts')).draw(picture, `${location.origin}/messages/${group}${SEEN}${hex(bytes)}`);
}
