// <call-page>: one call, from its ring to its end.
import { type Bytes, decode, encode, random } from '../account/bytes.ts';
import { ask } from '../account/element.ts';
import { copy, DeskElement, part } from '../message/element.ts';
import { draws } from '../message/hall.ts';
import { device, end, pressed, says, sound } from './ring.ts';
import type { Heard, Talk } from './talk.ts';
import { ringback } from './tone.ts';

/** What this page keeps of its call until that is over, so that it survives being loaded anew. */
interface Kept {
  seat: string;
  key: string;
}

interface Standing {
  state: string;
  rings: string[];
  woken: boolean;
  not_reached: boolean;
}

const LOOK = 1000; // ms between two looks while it rings
const HERE = 20_000; // the same while one talks: the hall ends a call whose pages are silent
const AGAIN = 1000; // ms until a lost line is tried again
const KEY = 20_000; // ms to wait for the key

const ENDS: Record<string, string> = { declined: 'declined', later: 'later', cancelled: 'cancelled_call', missed: 'missed', busy: 'busy_call', ended: 'ended' };

export class CallPage extends DeskElement {
  private readonly call = this.getAttribute('call') ?? '';
  private readonly mine = this.hasAttribute('mine');
  private state = this.getAttribute('state') ?? '';
  private talk: Talk | null = null;
  private quiet: (() => void) | null = null;
  private timer2 = 0;
  private over = false;
  private others = 0;
  private tries = 0;

  protected override async opened(): Promise<void> {
    this.bind();
    document.addEventListener('hall:live', (e) => {
      if ((e as CustomEvent<string>).detail !== 'news') void this.look();
    });
    addEventListener('keydown', (e) => this.key(e));
    if (ENDS[this.state]) return this.finish(ENDS[this.state] ?? 'ended');
    const kept = this.kept;
    if (this.mine) await this.callOut(kept);
    else if (kept && this.state === 'answered') await this.enter(kept);
    else if (pressed(this.call)) void this.answer();
    else this.rings();
    this.pace(LOOK);
    await this.look();
  }

  protected override async worked(): Promise<void> {}

  private get kept(): Kept | null {
    const text = sessionStorage.getItem(`call/${this.call}`);
    return text ? (JSON.parse(text) as Kept) : null;
  }

  private keep(k: Kept): Kept {
    sessionStorage.setItem(`call/${this.call}`, JSON.stringify(k));
    return k;
  }

  private pace(ms: number): void {
    clearInterval(this.timer2);
    this.timer2 = window.setInterval(() => void this.look(), ms);
  }

  private tellState(key: string): void {
    const p = part(this, 'standing');
    if (p) p.textContent = this.sentence(key);
    this.dataset['call'] = key;
  }

  /** The caller: the key goes ahead in the sealed conversation, and this page waits inside. */
  private async callOut(kept: Kept | null): Promise<void> {
    this.tellState('sent');
    let mine = kept;
    if (!mine) {
      mine = this.keep({ seat: draws(), key: encode(random(32)) });
      const deed = { id: draws(), at: Date.now(), t: 'call' as const, call: this.call, key: mine.key };
      const known = await this.desk?.talkWith(this.getAttribute('with') ?? '');
      await this.desk?.say({ group: known?.id ?? '', handle: this.getAttribute('with') ?? '' }, deed);
    }
    if (this.state === 'ringing') this.quiet = ringback();
    void this.join(mine, 'seat');
  }

  /** Called: it rings here. */
  private rings(): void {
    if (this.state !== 'ringing') return this.finish('elsewhere');
    this.tellState('ringing');
    const p = this.piece('incoming');
    if (p) p.hidden = false;
    this.quiet = sound();
    says(this.call);
  }

  private hush(): void {
    this.quiet?.();
    this.quiet = null;
    const p = this.piece('incoming');
    if (p) p.hidden = true;
  }

  private async answer(): Promise<void> {
    this.hush();
    this.tellState('joining');
    const seat = draws();
    this.keep({ seat, key: '' });
    try {
      const t = await ask<{ url: string; ticket: string }>(`/calls/${this.call}/answer`, { seat });
      this.state = 'answered';
      await this.enter({ seat, key: '' }, t);
    } catch (e) {
      this.tell((e as Error).message);
      this.finish('elsewhere');
    }
  }

  /** Whoever answered waits for the key, which comes in the sealed conversation. */
  private async enter(k: Kept, t?: { url: string; ticket: string }): Promise<void> {
    let key: Bytes | null = k.key ? decode(k.key) : null;
    this.tellState('waiting_key');
    for (const until = Date.now() + KEY; !key && Date.now() < until && !this.over; ) {
      await this.work();
      key = (await this.desk?.callKey(this.call, this.getAttribute('other') ?? '')) ?? null;
      if (!key) await new Promise((r) => setTimeout(r, 300));
    }
    if (this.over) return;
    if (!key) {
      await end(this.call);
      return this.finish('no_key');
    }
    await this.join(this.keep({ ...k, key: encode(key) }), 'seat', t);
  }

  private async join(k: Kept, by: string, given?: { url: string; ticket: string }): Promise<void> {
    const key = decode(k.key);
    if (!key || this.over) return;
    try {
      const [t, { Talk }] = await Promise.all([given ?? ask<{ url: string; ticket: string }>(`/calls/${this.call}/${by}`, { seat: k.seat }), import('./talk.ts')]);
      await this.talk?.leave();
      this.talk = new Talk(this.heard, this.getAttribute('sealer') ?? '');
      await this.talk.join(t.url, t.ticket, key);
      this.tries = 0;
    } catch (e) {
      await this.look();
      if (this.over) return;
      if (this.tries++ > 30) return this.tell((e as Error).message);
      setTimeout(() => void this.join(k, by), AGAIN);
      return;
    }
    await this.talk.speak(true).catch(() => this.say('no_microphone'));
    await this.list();
    this.marks();
    await this.look();
  }

  /** Asks how the call stands. */
  private async look(): Promise<void> {
    if (this.over || (!this.mine && this.dataset['call'] === 'joining')) return;
    let s: Standing;
    try {
      s = await ask<Standing>(`/calls/${this.call}/state`);
    } catch (e) {
      if ((e as Error).name === 'TypeError' || !navigator.onLine) return; // the line is away: it is asked again
      if (this.state !== 'answered') this.finish('ended');
      return;
    }
    const was = this.state;
    this.state = s.state;
    if (ENDS[s.state]) return this.finish(ENDS[s.state] ?? 'ended');
    if (s.state === 'answered' && !this.kept) return this.finish('elsewhere');
    if (s.state === 'answered') {
      if (was !== 'answered' || this.quiet) {
        this.hush();
        this.pace(HERE);
      }
      if (this.talk) this.talking();
      return;
    }
    if (!this.mine) return;
    const how = s.rings.length > 1 ? 'rings_both' : s.rings.length === 1 ? `rings_${s.rings[0] ?? device()}` : s.not_reached ? 'not_reached' : s.woken ? 'woken' : 'sent';
    this.tellState(how);
  }

  private talking(): void {
    this.tellState(this.others > 0 ? 'talking' : 'alone');
    for (const p of ['controls', 'talking']) {
      const e = this.piece(p);
      if (e) e.hidden = false;
    }
  }

  private finish(why: string): void {
    if (this.over) return;
    this.over = true;
    this.hush();
    clearInterval(this.timer2);
    sessionStorage.removeItem(`call/${this.call}`);
    void this.desk?.forgetCall(this.call);
    void this.talk?.leave();
    this.piece('stage')?.replaceChildren();
    for (const p of ['controls', 'talking']) {
      const e = this.piece(p);
      if (e) e.hidden = true;
    }
    const form = document.querySelector<HTMLElement>('form[data-part=end]');
    if (form) form.hidden = true;
    const after = this.piece('after');
    if (after) after.hidden = false;
    this.tellState(why);
  }

  private readonly heard: Heard = {
    came: (e, own) => {
      if (own) e.dataset['own'] = '';
      this.piece('stage')?.append(e);
    },
    went: (e) => e.remove(),
    others: (n) => {
      this.others = n;
      if (this.state === 'answered' && !this.over) this.talking();
    },
    sealed: (yes) => {
      const p = part(this, 'seal');
      if (p) p.textContent = this.sentence(yes ? 'sealed' : 'unsealed');
      this.dataset['sealed'] = String(yes);
    },
    quality: (words) => {
      const p = part(this, 'quality');
      if (p) p.textContent = this.sentence(`quality_${words}`);
    },
    levels: (own, their) => {
      for (const [name, v] of Object.entries({ own, their })) {
        const m = part<HTMLMeterElement>(this, name);
        if (m) m.value = v;
      }
    },
    said: (text) => this.line(this.getAttribute('with') ?? '', text.slice(0, 1000)),
    blocked: (yes) => {
      const b = this.querySelector<HTMLElement>('[data-do=sound]');
      if (b) b.hidden = !yes;
    },
    cut: () => {
      const k = this.kept;
      if (this.over || !k) return;
      this.tellState('again');
      this.piece('stage')?.replaceChildren();
      setTimeout(() => void this.join(k, 'seat'), AGAIN);
    },
  };

  private line(who: string, text: string): void {
    const li = copy(this, 'line');
    for (const [name, t] of Object.entries({ who, said: text })) {
      const p = part(li, name);
      if (p) p.textContent = t;
    }
    this.piece('lines')?.append(li);
  }

  private marks(): void {
    const on: Record<string, boolean> = { mute: this.talk?.muted ?? false, camera: this.talk?.filmed ?? false, screen: this.talk?.shared ?? false };
    for (const [name, yes] of Object.entries(on)) this.querySelector(`[data-do=${name}]`)?.setAttribute('aria-pressed', String(yes));
  }

  private bind(): void {
    this.on('answer', () => this.answer());
    this.on('decline', () => end(this.call).then(() => this.look()));
    this.on('later', () => end(this.call, true).then(() => this.look()));
    const toggles: [string, string, (t: Talk) => Promise<void>][] = [
      ['mute', 'no_microphone', (t) => t.speak(t.muted)], ['camera', 'no_camera', (t) => t.film(!t.filmed)], ['screen', 'no_screen', (t) => t.share(!t.shared)],
    ];
    for (const [name, none, work] of toggles) {
      this.on(name, async () => {
        if (this.talk) await work(this.talk).catch(() => this.say(none));
        this.marks();
      });
    }
    this.on('sound', () => this.talk?.sound());
    this.onSubmit('[data-part=write]', async () => {
      const box = this.piece('text') as HTMLInputElement;
      const text = box.value.trim();
      if (!text) return;
      await this.talk?.say(text);
      this.line(this.sentence('you'), text);
      box.value = '';
    });
    for (const kind of ['audioinput', 'videoinput'] as const) this.piece(kind)?.addEventListener('change', (e) => void this.talk?.choose(kind, (e.target as HTMLSelectElement).value));
    document.querySelector('form[data-part=end]')?.addEventListener('submit', (e) => {
      e.preventDefault();
      void end(this.call).then(() => this.look());
    });
  }

  private async list(): Promise<void> {
    for (const kind of ['audioinput', 'videoinput'] as const) {
      const devices = (await this.talk?.devices(kind).catch(() => [])) ?? [];
      this.piece(kind)?.replaceChildren(...devices.map((d, i) => new Option(d.label || `${this.sentence('device')} ${i + 1}`, d.deviceId)));
    }
  }

  /** m mutes, v shows oneself, s shares the screen: where nothing is typed. */
  private key(e: KeyboardEvent): void {
    if (e.ctrlKey || e.metaKey || e.altKey || (e.target instanceof Element && e.target.closest('input, textarea, select'))) return;
    const name = { m: 'mute', v: 'camera', s: 'screen' }[e.key];
    if (name && this.talk) this.querySelector<HTMLElement>(`[data-do=${name}]`)?.click();
  }

  /** For tests. */
  counted(): Promise<{ bytes: number; frames: number; sent: number } | undefined> {
    return this.talk?.counted() ?? Promise.resolve(undefined);
  }
}
