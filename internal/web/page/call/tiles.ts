// Who is in a call, each with her name and her picture. Names are the hall's word, never a
// page's own.
import type { KeyElement } from '../account/element.ts';
import { copy, part } from '../message/part.ts';

/** Somebody who is there, as the hall says. */
export interface Person {
  seat: string;
  name: string;
}

export class Tiles {
  private readonly tiles = new Map<string, HTMLElement>(); // by seat; '': one's own
  own = ''; // one's seat
  private list: Person[] | null = null; // null: two, of whom the page knows

  constructor(private readonly page: KeyElement) {}

  private get root(): HTMLElement | null {
    return this.page.piece('stage');
  }

  name(seat: string): string {
    if (!seat) return this.page.sentence('you');
    if (this.list) return this.list.find((p) => p.seat === seat)?.name ?? '…';
    return this.page.getAttribute('with') ?? '';
  }

  private tile(seat: string): HTMLElement {
    const there = this.tiles.get(seat);
    if (there) return there;
    const t = copy(this.page, 'tile');
    if (!seat) t.dataset['own'] = '';
    t.dataset['seat'] = seat;
    this.tiles.set(seat, t);
    this.root?.append(t);
    this.names();
    return t;
  }

  private names(): void {
    for (const [seat, t] of this.tiles) {
      const p = part(t, 'who');
      if (p) p.textContent = this.name(seat);
    }
    this.root?.toggleAttribute('data-many', this.tiles.size > 2);
  }

  private drop(seat: string): void {
    this.tiles.get(seat)?.remove();
    this.tiles.delete(seat);
    this.names();
  }

  /** Who is there, and says who came and who went. */
  people(list: Person[], own: string): void {
    const was = this.list;
    const said: string[] = [];
    for (const p of was ?? []) if (!list.some((q) => q.seat === p.seat)) said.push(this.page.sentence('went', { name: p.name }));
    this.list = list;
    for (const p of list) {
      if (was && !was.some((q) => q.seat === p.seat)) said.push(this.page.sentence('came', { name: p.name }));
      this.tile(p.seat === own ? '' : p.seat);
    }
    for (const seat of [...this.tiles.keys()]) if (seat && !list.some((p) => p.seat === seat)) this.drop(seat);
    this.names();
    const words = this.page.piece('company');
    if (words && said.length > 0) words.textContent = said.join(' ');
  }

  /** Who is connected now, where the hall names nobody. */
  connected(seats: string[]): void {
    for (const [seat, t] of this.tiles) t.toggleAttribute('data-away', !!seat && !seats.includes(seat));
    if (this.list) return;
    for (const seat of [...this.tiles.keys()]) if (seat && !seats.includes(seat)) this.drop(seat);
    for (const seat of ['', ...seats]) this.tile(seat);
  }

  show(e: HTMLMediaElement, seat: string, screen: boolean): void {
    const t = this.tile(seat);
    if (!seat) e.dataset['own'] = '';
    if (screen) e.dataset['screen'] = '';
    t.prepend(e);
    this.marks(t);
  }

  hide(e: HTMLMediaElement): void {
    const t = e.closest<HTMLElement>('[data-seat]');
    e.remove();
    if (t) this.marks(t);
  }

  private marks(t: HTMLElement): void {
    t.toggleAttribute('data-picture', !!t.querySelector('video'));
    t.toggleAttribute('data-screen', !!t.querySelector('video[data-screen]'));
  }

  speak(seats: string[]): void {
    for (const [seat, t] of this.tiles) t.toggleAttribute('data-speaks', seats.includes(seat));
  }

  clear(): void {
    for (const seat of [...this.tiles.keys()]) this.drop(seat);
    if (this.list) for (const p of this.list) this.tile(p.seat);
  }

  end(): void {
    this.list = null;
    this.clear();
  }
}
