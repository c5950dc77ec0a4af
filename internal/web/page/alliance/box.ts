// <card-box>: one's own card, what is given to whom, and the cards one keeps.
import type { Bytes } from '../account/bytes.ts';
import { canHoldKeys, KeyElement } from '../account/element.ts';
import type { Book } from '../message/book.ts';
import { draws } from '../message/hall.ts';
import { draw } from '../message/qr.ts';
import type { Queued, Talk } from '../message/shelf.ts';
import { markSpoken } from '../space/spoke.ts';
import { box, fill, type Given, type Kept, save } from './keep.ts';
import { link, seal } from './seal.ts';
import { BadCard, type Card, FIELDS, only, read, write } from './vcard.ts';

const LASTS = 30; // days that the hall keeps a link

const today = (): number => Math.floor(Date.now() / 86_400_000);

export class CardBox extends KeyElement {
  protected override readonly steps = ['plain', 'closed', 'open'];
  private book!: Book;

  connectedCallback(): void {
    void this.begin().catch(() => this.show('closed', false));
  }

  private async begin(): Promise<void> {
    const book = canHoldKeys() ? await box(this.getAttribute('face') ?? '') : null;
    if (!book) return this.show('closed', false);
    this.book = book;
    const mine = await this.mine();
    for (const f of FIELDS) {
      const input = this.field(f);
      if (input) input.value = (mine[f] ?? []).join('\n') || (f === 'name' ? (this.getAttribute('name') ?? '') : '');
    }
    this.onSubmit('[data-part=mine]', () => this.keepMine());
    this.onSubmit('[data-part=give]', () => this.give());
    const file = this.piece('file') as HTMLInputElement | null;
    file?.addEventListener('change', () => void this.bring(file));
    this.addEventListener('click', (e) => void this.clicked(e));
    await this.render();
    this.show('open', false);
  }

  private field(f: string): HTMLInputElement | HTMLTextAreaElement | null {
    return this.querySelector(`[data-field="${f}"]`);
  }

  private async mine(): Promise<Card> {
    return (await this.book.get<Card>('cards/mine')) ?? {};
  }

  private async keepMine(): Promise<void> {
    const card: Card = {};
    for (const f of FIELDS) {
      const values = (this.field(f)?.value ?? '').split(f === 'note' ? /$^/ : '\n').map((v) => v.trim()).filter(Boolean);
      if (values.length > 0) card[f] = values;
    }
    await this.book.put({ 'cards/mine': card });
    await this.render();
    this.say('mine_kept');
  }

  /** Seals what was chosen, hands it to the hall, and shows the link. */
  private async give(): Promise<void> {
    const chosen = [...this.querySelectorAll<HTMLInputElement>('[data-part=fields] input:checked')].map((c) => c.value);
    if (chosen.length === 0) return this.say('choose');
    const id = draws();
    const undo = draws();
    const sealed = await seal(id, write(only(await this.mine(), chosen), 4));
    if (!sealed) return this.say('long');
    const r = await fetch('/cards', { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json' }, body: JSON.stringify({ id, undo, body: sealed.body }) }).catch(() => null);
    if (!r) return this.say('offline');
    if (!r.ok) return this.tell(((await r.json().catch(() => ({}))) as { message?: string }).message ?? this.sentence('failed'));
    markSpoken(); // a nightly copy of the files dates it
    const whom = this.piece('whom') as HTMLInputElement | null;
    const given: Given = { whom: whom?.value.trim() ?? '', fields: chosen, key: sealed.key, undo, day: today() };
    await this.book.put({ [`cards/given/${id}`]: given });
    const way = link(id, sealed.key);
    const to = (this.piece('talk') as HTMLSelectElement | null)?.value;
    if (to) return this.sendTo(to, way);
    this.reveal(way);
    await this.render();
  }

  /** Puts the link into a conversation, from which it goes sealed. */
  private async sendTo(group: string, text: string): Promise<void> {
    const id = draws();
    const q: Queued = { id, group, handle: '', deed: { id, at: Date.now(), t: 'text', text, reads: false } };
    await this.book.put({ [`queue/${id}`]: q });
    location.assign(`/messages/${group}`);
  }

  private reveal(way: string): void {
    const shown = this.piece('given');
    const a = this.piece('link') as HTMLInputElement | null;
    if (a) a.value = way;
    const picture = this.querySelector('[data-part=qr]');
    if (picture) draw(picture, way);
    if (shown) shown.hidden = false;
    a?.focus();
    a?.select();
    this.say('');
  }

  /** Takes in the cards of a file; all or none. */
  private async bring(file: HTMLInputElement): Promise<void> {
    const chosen = file.files?.[0];
    if (!chosen) return;
    try {
      const cards = read(new Uint8Array(await chosen.arrayBuffer()) as Bytes);
      const put: Record<string, Kept> = {};
      for (const c of cards) put[`card/${draws()}`] = c;
      await this.book.put(put);
      this.say('brought', { n: cards.length });
    } catch (e) {
      if (!(e instanceof BadCard)) throw e;
      this.say(e.why, { line: e.line });
    }
    file.value = '';
    await this.render();
  }

  private async clicked(e: Event): Promise<void> {
    const b = e.target instanceof Element ? e.target.closest<HTMLButtonElement>('li button') : null;
    const name = b?.closest('li')?.dataset['record'] ?? '';
    const what = b?.dataset['do'];
    if (!b || !name) return;
    if (what === 'back') return this.takeBack(name);
    if (what === 'again') {
      const g = await this.book.get<Given>(name);
      if (g) this.reveal(link(name.slice('cards/given/'.length), g.key));
      return;
    }
    const kept = await this.book.get<Kept>(name);
    if (what === 'drop') await this.book.put({ [name]: undefined });
    else if (kept) save(kept.card.name?.[0] ?? '', what === 'raw' && kept.raw ? kept.raw.replace(/\n/g, '\r\n') : write(kept.card, what === 'save3' ? 3 : 4));
    await this.render();
  }

  private async takeBack(name: string): Promise<void> {
    const g = await this.book.get<Given>(name);
    const r = g && (await fetch(`/cards/${name.slice('cards/given/'.length)}/withdrawal`, { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json' }, body: JSON.stringify({ undo: g.undo }) }).catch(() => null));
    if (!r) return this.say('offline');
    if (!r.ok && r.status !== 404) return this.say('failed');
    markSpoken();
    await this.book.put({ [name]: undefined });
    const shown = this.piece('given');
    if (shown) shown.hidden = true;
    await this.render();
  }

  private row(template: string, record: string, title: string): HTMLElement {
    const t = this.querySelector<HTMLTemplateElement>(`template[data-part="${template}"]`);
    const li = t?.content.firstElementChild?.cloneNode(true) as HTMLElement;
    li.dataset['record'] = record;
    const h = li.querySelector('[data-part=name]');
    if (h) h.textContent = title;
    return li;
  }

  private async render(): Promise<void> {
    const mine = await this.mine();
    for (const c of this.querySelectorAll<HTMLInputElement>('[data-part=fields] input')) {
      const has = (mine[c.value as keyof Card] ?? []).length > 0;
      c.disabled = !has;
      if (!has) c.checked = false;
    }
    const kept = await this.book.all<Kept>('card/');
    this.piece('kept')?.replaceChildren(...kept.map(([record, k]) => {
      const li = this.row('card', record, k.card.name?.[0] ?? '');
      const list = li.querySelector<HTMLElement>('[data-part=says]');
      const { name: _, ...rest } = k.card;
      if (list) fill(list, rest, (key) => this.sentence(key));
      if (!k.raw) li.querySelector('[data-do=raw]')?.remove();
      return li;
    }));
    const none = this.piece('none');
    if (none) none.hidden = kept.length > 0;
    await this.renderGiven();
    const talks = (await this.book.all<Talk>('talk/')).map(([, t]) => t).filter((t) => !t.out && !t.into && t.epoch > 0);
    const choice = this.piece('talk') as HTMLSelectElement | null;
    if (choice && choice.options.length === 1) choice.append(...talks.map((t) => new Option(t.room ? t.room.name : t.with.name, t.id)));
  }

  private async renderGiven(): Promise<void> {
    const given = (await this.book.all<Given>('cards/given/')).filter(([, g]) => g.day + LASTS >= today());
    this.piece('gave')?.replaceChildren(...given.map(([record, g]) => {
      const li = this.row('gift', record, g.whom || this.sentence('somebody'));
      const what = li.querySelector('[data-part=what]');
      if (what) what.textContent = g.fields.map((f) => this.sentence(`field_${f}`)).join(', ');
      return li;
    }));
    const section = this.piece('gifts');
    if (section) section.hidden = given.length === 0;
  }
}
