// <card-shown>: a card that somebody gave by a link. The key in the link opens it here.
import { KeyElement } from '../account/element.ts';
import { type Bytes, utf8 } from '../account/bytes.ts';
import type { Book } from '../message/book.ts';
import { draws } from '../message/hall.ts';
import { box, fill, type Kept, save } from './keep.ts';
import { open } from './seal.ts';
import { type Card, read, write } from './vcard.ts';

export class CardShown extends KeyElement {
  protected override readonly steps = ['plain', 'open', 'gone'];

  connectedCallback(): void {
    void this.begin().catch(() => this.show('gone', false));
  }

  private async begin(): Promise<void> {
    const id = this.getAttribute('card') ?? '';
    const r = await fetch(`/cards/${id}/sealed`, { cache: 'no-store' });
    const text = r.ok ? await open(id, new Uint8Array(await r.arrayBuffer()) as Bytes, location.hash.slice(1)) : null;
    const card = text === null ? undefined : read(utf8(text))[0]?.card;
    if (!card) return this.show('gone', false);
    const list = this.piece('fields');
    if (list) fill(list, card, (k) => this.sentence(k));
    const title = this.piece('title');
    if (title) title.textContent = card.name?.[0] ?? '';
    for (const v of [4, 3] as const) this.on(`save${v}`, () => save(card.name?.[0] ?? '', write(card, v)));
    this.show('open', false);
    const book = await box(this.getAttribute('face') ?? '').catch(() => null);
    const keep = this.piece('keep');
    if (keep) keep.hidden = !book;
    if (book) this.on('keep', () => this.keep(book, card));
  }

  private async keep(book: Book, card: Card): Promise<void> {
    const kept: Kept = { card };
    await book.put({ [`card/${draws()}`]: kept });
    this.piece('keep')?.setAttribute('hidden', '');
    this.say('kept');
  }
}
