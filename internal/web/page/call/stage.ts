// What is on the page of a call while one talks: pictures, controls, levels, written words.
// Whoever owns the page says how the call goes on.
import type { Bytes } from '../account/bytes.ts';
import type { KeyElement } from '../account/element.ts';
import { copy, part } from '../message/part.ts';
import type { Held, Keys } from './keys.ts';
import type { Heard, Talk } from './talk.ts';
import { Pointing } from './point.ts';
import { type Person, Tiles } from './tiles.ts';

export interface Ticket {
  url: string;
  ticket: string;
}

/** What a page brings along: its seat, what its own keys are made of, the key of the call if it has it. */
export interface Mine {
  seat: string;
  seed: Bytes;
  held: Held | null;
  invites?: Bytes[]; // by which it comes in, and lets others in
}

/** What the page is told. */
export interface Told {
  keyed?(h: Held): void; // there is another key
  others(): void; // somebody came or went
  cut(): void; // the line is lost for good
}

const WEAK = 8000; // ms that a line may be poor before one's picture gives way to one's voice

export class Stage {
  talk: Talk | null = null;
  keys: Keys | null = null;
  others = 0;
  readonly tiles: Tiles;
  private readonly pointing: Pointing;
  private seats: string[] | null = null;
  private poor = false;
  private weak = 0; // a timer
  private wished = { muted: false, filmed: false, shared: false }; // a new line begins as the last one ended

  constructor(private readonly page: KeyElement, private readonly told: Told) {
    this.tiles = new Tiles(page);
    this.pointing = new Pointing(page, this.tiles, (w) => void this.keys?.say(w));
    this.wished.muted = !!sessionStorage.getItem(this.silent); // a page that is loaded anew lets nobody be heard who was not
    this.bind();
    addEventListener('keydown', (e) => this.key(e));
  }

  private get silent(): string {
    return `silent/${this.page.getAttribute('call') ?? this.page.getAttribute('link') ?? ''}`;
  }

  /** Joins; without the key of the call it hears and says nothing yet. */
  async join(t: Ticket, m: Mine): Promise<void> {
    const [{ Talk }, { Keys }] = await Promise.all([import('./talk.ts'), import('./keys.ts')]);
    await this.talk?.leave();
    this.tiles.own = m.seat;
    this.keys ??= await Keys.begin(m.seat, m.seed, m.invites ?? [], { held: () => this.keyed() });
    if (m.held) await this.keys.adopt(m.held);
    if (this.seats) await this.keys.settle(this.seats);
    this.talk = new Talk(this.heard, this.page.getAttribute('sealer') ?? '', this.keys);
    await this.talk.join(t.url, t.ticket, !this.keys.held);
  }

  private keyed(): void {
    const held = this.keys?.held;
    if (!held) return;
    this.told.keyed?.(held);
    if (held.n > 0) this.heard.sealed(true); // what could not be opened a moment ago can be now
    this.page.dataset['key'] = String(held.n);
  }

  /** The key of the call has come: takes what comes under it. */
  async hear(key: Bytes): Promise<void> {
    await this.keys?.adopt({ n: 0, key, by: '' });
    this.talk?.hear();
  }

  /** Who is there, as the hall says: they are shown, listened to, and given keys. */
  people(list: Person[], own: string): void {
    this.seats = list.map((p) => p.seat).filter(Boolean);
    this.tiles.people(list.filter((p) => p.seat), own);
    void this.keys?.settle(this.seats);
  }

  async speak(): Promise<void> {
    const { muted, filmed, shared } = this.wished;
    if (!muted) await this.talk?.speak(true).catch(() => this.note('no_microphone'));
    if (filmed) await this.talk?.film(true).catch(() => this.note('no_camera'));
    if (shared) this.note('share_again'); // a browser lets nobody do that for her
    await this.list();
    this.marks();
  }

  /** Lets her choose while it rings what will be heard and seen once it is answered. */
  choose(): void {
    const controls = this.page.piece('controls');
    if (controls) controls.hidden = false;
  }

  /** Shows what one needs while one talks. */
  show(yes: boolean): void {
    for (const p of ['controls', 'talking', 'more']) {
      const e = this.page.piece(p);
      if (e) e.hidden = !yes;
    }
  }

  clear(): void {
    this.tiles.clear();
  }

  end(): void {
    this.strong();
    this.tiles.end();
    sessionStorage.removeItem(this.silent);
    void this.talk?.leave();
    this.show(false);
  }

  /** A camera on a poor line has so long before it rests. */
  private weighs(): void {
    if (!this.poor || !this.talk?.filmed) this.strong();
    else this.weak ||= window.setTimeout(() => void this.yield(), WEAK);
  }

  private strong(): void {
    clearTimeout(this.weak);
    this.weak = 0;
  }

  /** On a weak line sound goes before pictures; she who talks may show herself again by a press. */
  private async yield(): Promise<void> {
    this.strong();
    if (!this.talk?.filmed) return;
    await this.talk.film(false);
    this.wished.filmed = false;
    this.marks();
    this.note('camera_rests');
  }

  private note(key: string): void {
    const p = this.page.piece('message');
    if (p) p.textContent = key && this.page.sentence(key);
  }

  private readonly heard: Heard = {
    came: (e, seat, screen) => {
      this.tiles.show(e, seat, screen);
      this.pointing.offer();
    },
    went: (e) => {
      this.tiles.hide(e);
      this.pointing.offer();
    },
    speak: (seats) => this.tiles.speak(seats),
    others: (seats) => {
      this.others = seats.length;
      this.tiles.connected(seats);
      this.told.others();
    },
    sealed: (yes) => {
      const p = part(this.page, 'seal');
      if (p) p.textContent = this.page.sentence(yes ? 'sealed' : 'unsealed');
      this.page.dataset['sealed'] = String(yes);
    },
    quality: (words) => {
      const p = part(this.page, 'quality');
      if (p) p.textContent = this.page.sentence(`quality_${words}`);
      this.poor = words === 'poor' || words === 'lost';
      this.weighs();
    },
    levels: (own, their) => {
      for (const [name, v] of Object.entries({ own, their })) {
        const m = part<HTMLMeterElement>(this.page, name);
        if (m) m.value = v;
      }
    },
    said: (words, seat) => {
      this.pointing.heard(words, seat);
      if (words.t === 'say' && typeof words['text'] === 'string') this.line(this.tiles.name(seat), words['text'].slice(0, 1000));
    },
    blocked: (yes) => {
      const b = this.page.querySelector<HTMLElement>('[data-do=sound]');
      if (b) b.hidden = !yes;
    },
    dark: () => {
      this.wished.filmed = false;
      this.marks();
      this.note('no_camera');
    },
    unshared: () => {
      this.wished.shared = false;
      this.marks();
    },
    cut: () => {
      this.poor = false;
      this.strong();
      this.told.cut();
    },
  };

  private line(who: string, text: string): void {
    const li = copy(this.page, 'line');
    for (const [name, t] of Object.entries({ who, said: text })) {
      const p = part(li, name);
      if (p) p.textContent = t;
    }
    this.page.piece('lines')?.append(li);
  }

  private marks(): void {
    const on: Record<string, boolean> = { mute: this.talk?.muted ?? false, camera: this.talk?.filmed ?? false, screen: this.talk?.shared ?? false };
    for (const [name, yes] of Object.entries(on)) this.page.querySelector(`[data-do=${name}]`)?.setAttribute('aria-pressed', String(yes));
  }

  private bind(): void {
    const toggles: ['mute' | 'camera' | 'screen', string, (t: Talk) => Promise<void>][] = [
      ['mute', 'no_microphone', (t) => t.speak(t.muted)], ['camera', 'no_camera', (t) => t.film(!t.filmed)], ['screen', 'no_screen', (t) => t.share(!t.shared)],
    ];
    for (const [name, none, work] of toggles) {
      this.page.on(name, async () => {
        if (!this.talk) return;
        this.note('');
        await work(this.talk).catch(() => this.note(none));
        const now = { mute: { muted: this.talk.muted }, camera: { filmed: this.talk.filmed }, screen: { shared: this.talk.shared } };
        this.wished = { ...this.wished, ...now[name] };
        if (this.wished.muted) sessionStorage.setItem(this.silent, 'yes');
        else sessionStorage.removeItem(this.silent);
        this.weighs();
        this.marks();
      });
    }
    this.page.on('sound', () => this.talk?.sound());
    this.page.onSubmit('[data-part=write]', async () => {
      const box = this.page.piece('text') as HTMLInputElement;
      const text = box.value.trim();
      if (!text) return;
      await this.keys?.say({ t: 'say', text });
      this.line(this.page.sentence('you'), text);
      box.value = '';
    });
    for (const kind of ['audioinput', 'videoinput'] as const) this.page.piece(kind)?.addEventListener('change', (e) => void this.talk?.choose(kind, (e.target as HTMLSelectElement).value));
  }

  private async list(): Promise<void> {
    for (const kind of ['audioinput', 'videoinput'] as const) {
      const devices = (await this.talk?.devices(kind).catch(() => [])) ?? [];
      this.page.piece(kind)?.replaceChildren(...devices.map((d, i) => new Option(d.label || `${this.page.sentence('device')} ${i + 1}`, d.deviceId)));
    }
  }

  /** m mutes, v shows oneself, s shares the screen: where nothing is typed. */
  private key(e: KeyboardEvent): void {
    if (e.ctrlKey || e.metaKey || e.altKey || (e.target instanceof Element && e.target.closest('input, textarea, select'))) return;
    const name = { m: 'mute', v: 'camera', s: 'screen' }[e.key];
    const button = name && this.talk ? this.page.querySelector<HTMLElement>(`[data-do=${name}]`) : null;
    if (button?.checkVisibility()) button.click(); // whoever waits under nobody's key has none
  }
}
