// Where cards live: on this device, locked under a key made from the root, beside messages.
import { keptRoot } from '../account/device.ts';
import { Book } from '../message/book.ts';
import { device } from '../message/hall.ts';
import type { Card } from './vcard.ts';

/** A card that is kept: somebody's. */
export interface Kept {
  card: Card;
  raw?: string; // as it stood in a file
}

/** A card that was given to somebody, by a link. */
export interface Given {
  whom: string;
  fields: string[];
  key: string;
  undo: string;
  day: number;
}

/** What opens the cards of a face on this device; null when it has no key or no place. */
export async function box(face: string): Promise<Book | null> {
  if (!face || !globalThis.indexedDB) return null;
  const root = await keptRoot((await device()).device);
  return root && Book.open(root, face).catch(() => null);
}

/** Hands a card over to be saved. */
export function save(name: string, text: string): void {
  const way = document.createElement('a');
  way.href = URL.createObjectURL(new Blob([text], { type: 'text/vcard' }));
  way.download = `${name.replace(/[^\p{L}\p{N} ._-]/gu, '_').slice(0, 80) || 'card'}.vcf`;
  way.click();
  setTimeout(() => URL.revokeObjectURL(way.href), 60_000); // the browser reads it after the press
}

/** Lists what a card says, field by field, in the words of the page. */
export function fill(list: HTMLElement, card: Card, word: (field: string) => string): void {
  list.replaceChildren(...Object.entries(card).flatMap(([f, values]) => {
    const dt = document.createElement('dt');
    dt.textContent = word(`field_${f}`);
    return [dt, ...values.map((v) => {
      const dd = document.createElement('dd');
      dd.dir = 'auto';
      dd.textContent = v;
      return dd;
    })];
  }));
}
