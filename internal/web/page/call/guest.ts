// <guest-page>: a call by a link, or at the minute of a meeting, by somebody without an account.
import { decode, encode, random } from '../account/bytes.ts';
import { ask, canHoldKeys, KeyElement } from '../account/element.ts';
import { startWork, type Working } from '../account/work.ts';
import { draws } from '../message/draws.ts';
import type { Asking } from './handshake.ts';
import type { Mine, Stage, Ticket } from './stage.ts';
import { standing } from './standing.ts';
import type { Counted } from './talk.ts';
import { ringback } from './tone.ts';

/** What this page keeps of its call until that is over, so that it survives being loaded anew. */
interface Kept {
  call: string;
  secret: string;
  seat: string;
  key: string; // '' before she has answered
  seed: string; // what this page's own keys are made of
}

interface Standing {
  state: string;
  woken: boolean;
  not_reached: boolean;
  answered?: string;
}

const LOOK = 500; // ms between two looks while it rings
const HERE = 20_000; // the same while one talks
const AGAIN = 1000;
const TRIES = 30;
const WAY = 5000; // ms to find out how what is said would go

const WORDS = { udp: 'direct', tcp: 'tcp', relay: 'relay', tls: 'relay', '': 'none' } as const; // what is said of a way
const ENDS: Record<string, string> = { declined: 'declined', later: 'later', cancelled: 'ended', missed: 'missed', busy: 'busy_call', ended: 'ended' };

/** The fingerprint that stands behind #; '' for none, or a place on the page. */
export function printed(): string {
  return /^[\w-]{22}$/.test(location.hash.slice(1)) ? location.hash.slice(1) : '';
}

export class GuestPage extends KeyElement {
  protected override readonly steps = ['plain', 'closed', 'open'];
  private readonly print = printed();
  private working: Working | null = null;
  private asking: Asking | null = null;
  private kept: Kept | null = null;
  private stage: Stage | null = null;
  private state = '';
  private timer = 0;
  private quiet: (() => void) | null = null;
  private over = false;
  private tries = 0;
  private opened = false;

  connectedCallback(): void {
    void this.begin();
  }

  private async begin(): Promise<void> {
    if (!canHoldKeys() || !globalThis.RTCPeerConnection) return this.close('old');
    const text = sessionStorage.getItem(this.place);
    this.show('open', false);
    this.on('try', () => this.try());
    this.on('hang', () => this.hang());
    this.on('again', () => location.reload());
    addEventListener('hashchange', () => {
      if (printed() && printed() !== this.print) location.reload(); // another link, not a place on this page
    });
    this.onSubmit('[data-part=ring]', () => this.ring());
    if (text) return this.back(JSON.parse(text) as Kept);
    if (this.hasAttribute('meeting')) this.hear('pin', this.print ? 'pinned' : 'unpinned');
    if (this.hasAttribute('reachable')) await this.ready();
  }

  /** A meeting begins: she may ring. */
  async opens(work: string): Promise<void> {
    if (this.opened || this.kept || this.over) return;
    this.opened = true;
    this.setAttribute('token', work);
    await this.ready();
  }

  /** Whether a call of this page's is under way, or has been. */
  get calling(): boolean {
    return this.kept !== null;
  }

  private hear(part: string, key: string): void {
    const p = this.piece(part);
    if (p) p.textContent = this.sentence(key);
  }

  private async ready(): Promise<void> {
    const { Asking, fingerprint } = await import('./handshake.ts');
    const key = this.getAttribute('key') ?? '';
    // A meeting may have been booked at an address without a fingerprint: the page says so, and the digits tell.
    const print = this.hasAttribute('meeting') && !this.print ? await fingerprint(decode(key) ?? random(1)) : this.print;
    this.asking = await Asking.begin(key, print, this.getAttribute('link') ?? '');
    if (!this.asking) return this.close('bad_link');
    const script = this.getAttribute('work');
    const token = this.getAttribute('token');
    if (script && token) this.working = startWork(script, token);
    const form = this.piece('ring');
    if (form) form.hidden = false;
    this.dataset['call'] = 'ready';
  }

  private get place(): string {
    return `call-link/${this.getAttribute('at') ?? this.getAttribute('link') ?? ''}`;
  }

  /** Where it rings. */
  private get at(): string {
    return this.getAttribute('at') ?? `/call/${encodeURIComponent(this.getAttribute('name') ?? '')}`;
  }

  private keep(k: Kept): void {
    this.kept = k;
    sessionStorage.setItem(this.place, JSON.stringify(k));
  }

  private close(why: string): void {
    const p = this.piece('why');
    if (p) p.textContent = this.sentence(why);
    this.show('closed', false);
    this.dataset['call'] = why;
  }

  private tellState(key: string): void {
    const p = this.piece('standing');
    if (p) p.textContent = this.sentence(key);
    this.dataset['call'] = key;
  }

  /** Tries microphone and camera, which leave the browser for nobody, and the network. */
  private async try(): Promise<void> {
    const { tried } = await import('./try.ts');
    await Promise.all([tried(this), this.path()]);
  }

  /** Says whether the network would allow a call, and how. */
  private async path(): Promise<void> {
    if (this.hasAttribute('at')) return; // its tickets are those of links
    this.tell('');
    const told = (key: string): void => {
      const p = this.piece('way');
      if (p) p.textContent = key && this.sentence(`way_${key}`);
    };
    told('trying');
    const [script, token] = [this.getAttribute('work'), this.getAttribute('trial')];
    try {
      const work = script && token ? await startWork(script, token).answer.catch(() => '') : '';
      const got = await ask<{ url: string; tickets: string[] }>(`/call/${encodeURIComponent(this.getAttribute('name') ?? '')}/try`, { work });
      const { best } = await import('./ways.ts');
      const way = WORDS[await best(got.url, got.tickets)];
      if (this.kept) return; // it rings, and says so itself
      told(way);
      this.dataset['path'] = way;
    } catch (e) {
      told('');
      throw e;
    } finally {
      this.removeAttribute('trial'); // work is good for once
    }
  }

  private async begins(): Promise<Stage> {
    const { Stage } = await import('./stage.ts');
    this.stage ??= new Stage(this, {
      others: () => {
        if (this.state === 'answered' && !this.over) this.talking();
      },
      cut: () => {
        if (this.over) return;
        this.tellState('again');
        this.stage?.clear();
        setTimeout(() => void this.rejoin(), AGAIN);
      },
    });
    return this.stage;
  }

  private async ring(): Promise<void> {
    if (!this.asking || this.kept) return;
    this.tell('');
    this.tellState('working');
    const seat = draws();
    const name = (this.piece('name') as HTMLInputElement).value;
    const work = (await this.working?.answer.catch(() => '')) ?? '';
    let got: Ticket & { call: string; secret: string };
    try {
      got = await ask(`${this.at}/ring`, { name, asked: this.asking.asked, seat, work });
    } catch (e) {
      this.tellState('none');
      throw e;
    }
    this.keep({ call: got.call, secret: got.secret, seat, key: '', seed: encode(random(32)) });
    for (const p of ['ring', 'trial']) {
      const e = this.piece(p);
      if (e) e.hidden = true;
    }
    const hang = this.piece('hang');
    if (hang) hang.hidden = false;
    try {
      const stage = await this.begins();
      await stage.join(got, this.own('')); // nobody is there to hear; the key comes with the answer
      await stage.speak();
      await this.way();
      await stage.talk?.hold(); // under the key of nobody: what cannot be opened would count against hers
      await this.post('seat', { seat });
    } catch (e) {
      await this.post('end', {}).catch(() => undefined);
      this.finish('failed');
      throw e;
    }
    this.tellState('sent');
    this.quiet = ringback();
    this.pace(LOOK);
  }

  private post<T>(what: string, more: object): Promise<T> {
    return ask<T>(`/calls/${this.kept?.call ?? ''}/guest/${what}`, { secret: this.kept?.secret ?? '', ...more });
  }

  /** Says whether the network allows a call, and how. */
  private async way(): Promise<void> {
    const p = this.piece('way');
    for (const until = Date.now() + WAY; Date.now() < until; await new Promise((r) => setTimeout(r, 100))) {
      const way = await this.stage?.talk?.way();
      if (!way) continue;
      if (p) p.textContent = this.sentence(`way_${way}`);
      this.dataset['way'] = way;
      return;
    }
  }

  private pace(ms: number): void {
    clearInterval(this.timer);
    this.timer = window.setInterval(() => void this.look(), ms);
  }

  /** Asks how the call stands. */
  private async look(): Promise<void> {
    if (this.over) return;
    let s: Standing | null;
    try {
      s = await standing<Standing>(`/calls/${this.kept?.call ?? ''}/guest/state`, { secret: this.kept?.secret ?? '' });
    } catch {
      return; // it passes, or the line is away: it is asked again
    }
    if (!s) return this.finish('ended');
    this.state = s.state;
    if (ENDS[s.state]) return this.finish(ENDS[s.state] ?? 'ended');
    if (s.state !== 'answered') return this.tellState(s.not_reached ? 'not_reached' : s.woken ? 'woken' : 'sent');
    if (!this.kept?.key && !(await this.answered(s.answered ?? ''))) return;
    this.talking();
  }

  /** She has answered: the key is there, and the digits. */
  private async answered(text: string): Promise<boolean> {
    const a = this.asking;
    const k = this.kept;
    if (!a || !k) return false;
    this.asking = null; // once
    const done = await a.finish(k.call, text);
    if (!done) {
      await this.post('end', {}).catch(() => undefined);
      this.finish('no_key');
      return false;
    }
    await this.stage?.hear(done.key);
    this.keep({ ...k, key: encode(done.key) });
    this.quiet?.();
    this.quiet = null;
    this.pace(HERE);
    void this.stage?.speak();
    await this.post('digits', { number: done.number });
    const p = this.piece('digits');
    if (p) p.hidden = false;
    const n = this.piece('number');
    if (n) n.textContent = done.digits;
    this.dataset['digits'] = done.digits;
    return true;
  }

  /** This page was loaded anew. */
  private async back(k: Kept): Promise<void> {
    this.keep(k);
    const hang = this.piece('hang');
    if (hang) hang.hidden = false;
    if (!k.key) {
      await this.post('end', {}).catch(() => undefined); // what opens the answer is gone
      return this.finish('ended');
    }
    await this.begins();
    await this.rejoin();
    this.pace(HERE);
  }

  private own(text: string): Mine {
    const key = decode(text);
    return { seat: this.kept?.seat ?? '', seed: decode(this.kept?.seed ?? '') ?? random(32), held: key?.length ? { n: 0, key, by: '' } : null };
  }

  private async rejoin(): Promise<void> {
    await this.look();
    const k = this.kept;
    if (this.over || !k) return;
    try {
      await this.stage?.join(await this.post<Ticket>('seat', { seat: k.seat }), this.own(k.key)); // while it rings there is no key, and nothing is said
      this.tries = 0;
    } catch {
      if (this.tries++ < TRIES) setTimeout(() => void this.rejoin(), AGAIN);
      return;
    }
    const now = decode(this.kept?.key ?? ''); // it may have been answered meanwhile
    if (now?.length && !k.key) await this.stage?.hear(now);
    if (now?.length) await this.stage?.speak();
    await this.look();
  }

  private talking(): void {
    this.tellState((this.stage?.others ?? 0) > 0 ? 'talking' : 'alone');
    this.stage?.show(true);
  }

  private async hang(): Promise<void> {
    await this.post('end', {}).catch(() => undefined);
    this.finish('ended');
  }

  private finish(why: string): void {
    if (this.over) return;
    this.over = true;
    this.quiet?.();
    clearInterval(this.timer);
    this.working?.stop();
    sessionStorage.removeItem(this.place);
    this.stage?.end();
    for (const p of ['hang', 'digits']) {
      const e = this.piece(p);
      if (e) e.hidden = true;
    }
    const after = this.piece('after');
    if (after) after.hidden = false;
    this.tellState(why);
  }

  /** For tests. */
  counted(): Promise<Counted | undefined> {
    return this.stage?.talk?.counted() ?? Promise.resolve(undefined);
  }
}
