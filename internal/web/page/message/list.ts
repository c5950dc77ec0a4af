// <message-list>: the conversations that this device holds.
import { linked } from '../alliance/seal.ts';
import { view } from './content.ts';
import { copy, DeskElement, part } from './element.ts';
import type { Talk } from './shelf.ts';

const MOST = 50; // places that are shown of what was sought

export class MessageList extends DeskElement {
  protected override readonly light = true;

  protected override async opened(): Promise<void> {
    this.on('leave', () => this.leave());
    this.on('lose', () => this.lose());
    const lost = this.piece('lost') as HTMLDetailsElement | null;
    if (lost && location.hash === '#lost') {
      lost.open = true; // from the page on which it was signed out
      lost.scrollIntoView();
    }
    const sought = this.piece('sought') as HTMLInputElement | null;
    sought?.addEventListener('input', () => void this.seek(sought.value));
    const reads = this.piece('reads') as HTMLInputElement | null;
    if (reads) {
      reads.checked = (await this.shelf?.readMarks()) ?? false;
      reads.addEventListener('change', () => void this.shelf?.allowReadMarks(reads.checked));
    }
    await this.render();
  }

  protected override async worked(changed: Set<string>): Promise<void> {
    if (changed.size > 0) await this.render();
  }

  private async leave(): Promise<void> {
    await (await this.sit()).leave();
    this.disconnectedCallback();
    this.show('closed', false);
    this.say('left');
  }

  private async lose(): Promise<void> {
    await (await this.sit()).loseOthers();
    this.say('lost');
  }

  /** Looks through what this device keeps; nothing of that leaves it. */
  private async seek(words: string): Promise<void> {
    const plain = (s: string): string => s.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
    const want = plain(words.trim());
    const mine = ++this.seeking;
    const rows: { at: number; row: HTMLElement }[] = [];
    for (const t of want.length < 2 ? [] : ((await this.shelf?.talks()) ?? [])) {
      if (t.into) continue;
      for (const s of view((await this.shelf?.lines(t.id)) ?? []).shown) {
        const text = s.kind === 'text' ? `${s.text} ${s.file?.name ?? ''}` : '';
        const at = plain(text).indexOf(want);
        if (at < 0) continue;
        const row = copy(this, 'talk');
        const way = part<HTMLAnchorElement>(row, 'way');
        if (way) way.href = `/messages/${t.id}#m-${s.id}`;
        const put = (name: string, what: string): void => {
          const p = part(row, name);
          if (p) p.textContent = what;
        };
        put('name', this.nameOf(t));
        put('last', text.slice(Math.max(0, at - 30), at + 80).trim());
        rows.push({ at: s.at, row });
      }
    }
    if (mine !== this.seeking) return; // she has typed on
    rows.sort((a, b) => b.at - a.at);
    this.piece('hits')?.replaceChildren(...rows.slice(0, MOST).map((r) => r.row));
    const said = this.piece('found');
    if (said) said.textContent = want.length < 2 ? '' : rows.length > 0 ? this.sentence('found', { n: rows.length }) : this.sentence('found_none');
  }

  private seeking = 0;

  private nameOf(t: Talk): string {
    return t.room ? t.room.name || this.sentence('room') : t.with.name;
  }

  private async render(): Promise<void> {
    const rows: { at: number; row: HTMLElement }[] = [];
    for (const t of (await this.shelf?.talks()) ?? []) {
      if (t.epoch === 0 || t.into) continue; // it is only being begun, or is shown with another
      const shown = view((await this.shelf?.lines(t.id)) ?? []).shown.filter((s) => s.kind === 'text');
      const last = shown.at(-1);
      const row = copy(this, 'talk');
      const way = part<HTMLAnchorElement>(row, 'way');
      if (way) way.href = `/messages/${t.id}`;
      const name = part(row, 'name');
      if (name) name.textContent = this.nameOf(t);
      const said = part(row, 'last');
      const words = last && linked(last.text) ? this.sentence('card') : last?.text || last?.file?.name || '';
      if (said) said.textContent = t.asked && !t.out ? this.sentence('asked') : words.slice(0, 80);
      const fresh = part(row, 'fresh');
      if (fresh) fresh.hidden = !shown.some((s) => s.n > t.seen && s.from !== this.shelf?.face);
      rows.push({ at: t.asked && !t.out ? Infinity : (last?.at ?? 0), row });
    }
    rows.sort((a, b) => b.at - a.at);
    this.piece('talks')?.replaceChildren(...rows.map((r) => r.row));
    const none = this.piece('none');
    if (none) none.hidden = rows.length > 0;
  }
}
