// <call-page>: one call, from its ring to its end.
import { decode, encode, random } from '../account/bytes.ts';
import { ask } from '../account/element.ts';
import { DeskElement, part } from '../message/element.ts';
import * as hall from '../message/hall.ts';
import { type Brought, Company } from './company.ts';
import { device, end, pressed, rings } from './ring.ts';
import type { Answering } from './handshake.ts';
import { Stage, type Ticket } from './stage.ts';
import type { Counted } from './talk.ts';
import { standing } from './standing.ts';
import type { Person } from './tiles.ts';
import { ringback } from './tone.ts';

/** What this page keeps of its call until that is over, so that it survives being loaded anew. */
interface Kept {
  seat: string;
  key: string; // '': not yet
  n?: number; // its number, where there was another before
  by?: string; // whose page made it
  seed: string; // what this page's own keys are made of
  invites?: string[]; // by which it came in, and lets others in
}

interface Standing {
  state: string;
  rings: string[];
  woken: boolean;
  not_reached: boolean;
  number?: string; // of a guest, for the digits
  people?: Person[];
  brought?: Brought[];
}

const LOOK = 1000; // ms between two looks while it rings
const HERE = 20_000; // the same while one talks: the hall ends a call whose pages are silent
const AGAIN = 1000; // ms until a lost line is tried again
const NOES = 3; // in a row, after which there is no such call
const KEY = 20_000; // ms to wait for the key
const ASK = 700; // ms between two questions of a newcomer for it
const ELSEWHERE = 30_000; // ms until it is forgotten where another page answers, which may be one of this browser that waits for it

const ENDS: Record<string, string> = { declined: 'declined', later: 'later', cancelled: 'cancelled_call', missed: 'missed', busy: 'busy_call', ended: 'ended' };

export class CallPage extends DeskElement {
  private readonly call = this.getAttribute('call') ?? '';
  private readonly mine = this.hasAttribute('mine');
  private state = this.getAttribute('state') ?? '';
  private readonly guest = this.getAttribute('guest') ?? ''; // the link by which a guest calls
  protected override readonly light = this.hasAttribute('guest'); // no message carries that key
  private readonly group = this.hasAttribute('group'); // she is called into a call that was there before
  private readonly stage = new Stage(this, {
    keyed: (h) => this.rekeep({ key: encode(h.key), n: h.n, by: h.by }),
    others: () => {
      if (this.state !== 'answered' || this.over) return;
      this.talking();
      void this.look(); // who it is the hall says
    },
    cut: () => {
      const k = this.kept;
      if (this.over || !k) return;
      this.tellState('again');
      this.stage.clear();
      setTimeout(() => void this.join(k, 'seat'), AGAIN);
    },
  });
  private answering: Answering | null = null; // to a guest, until the digits are shown
  private readonly company = new Company(this, this.call, {
    invite: (secret) => {
      this.stage.keys?.invite(secret);
      this.rekeep({ invites: [...(this.kept?.invites ?? []), encode(secret)] });
    },
    send: (handle, call, key) => this.send(handle, call, key),
    look: () => this.look(),
  });
  private quiet: (() => void) | null = null;
  private timer2 = 0;
  private people = 0;
  private waits = false; // for somebody who is being called in
  private over = false;
  private tries = 0;
  private noes = 0;

  protected override async opened(): Promise<void> {
    this.bind();
    document.addEventListener('hall:live', (e) => {
      if ((e as CustomEvent<string>).detail !== 'news') void this.look();
    });
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

  private rekeep(more: Partial<Kept>): void {
    const k = this.kept;
    if (k && !this.over) this.keep({ ...k, ...more });
  }

  /** Says a key to somebody, in the sealed conversation. */
  private async send(handle: string, call: string, key: string): Promise<void> {
    const known = await this.desk?.talkWith(handle);
    await this.desk?.say({ group: known?.id ?? '', handle }, { id: hall.draws(), at: Date.now(), t: 'call', call, key });
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
      mine = this.keep({ seat: hall.draws(), key: encode(random(32)), seed: encode(random(32)) });
      await this.send(this.getAttribute('with') ?? '', this.call, mine.key);
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
    this.quiet = rings(this.call, this.hasAttribute('quiet'));
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
    const seat = hall.draws();
    const mine = this.keep({ seat, key: '', seed: encode(random(32)) });
    try {
      if (this.guest) this.answering = await this.opensGuest();
      const { answered, key } = this.answering ?? { answered: '', key: null };
      if (this.guest && !key) return this.finish('no_key');
      const t = await ask<Ticket>(`/calls/${this.call}/answer`, { seat, answered });
      this.state = 'answered';
      await this.enter({ ...mine, key: key ? encode(key) : '' }, t);
    } catch (e) {
      this.tell((e as Error).message);
      this.finish('elsewhere');
    }
  }

  /** Opens what a guest has sealed for this link; null when it was for another key. */
  private async opensGuest(): Promise<Answering | null> {
    const [{ device: id }, { keptRoot }, { linkKeys }, { Answering }] = await Promise.all([hall.device(), import('../account/device.ts'), import('./link.ts'), import('./handshake.ts')]);
    const root = await keptRoot(id);
    if (!root) return null;
    const keys = await linkKeys(root, this.guest);
    return Answering.begin(keys.pair, keys.public, this.guest, this.call, this.getAttribute('asked') ?? '');
  }

  /** Shows the digits that a guest sees too; they are wrong when somebody stands between. */
  private async compare(number: string): Promise<void> {
    const a = this.answering;
    if (!a || !number) return;
    this.answering = null;
    const p = this.piece('digits');
    if (p) p.hidden = false;
    const said = (await a.digits(number)) ?? '';
    const d = part(this, 'number');
    if (d) d.textContent = said || this.sentence('no_digits');
    this.dataset['digits'] = said;
    this.pace(HERE);
  }

  /**
   * Whoever answered waits for the key, which comes in the sealed conversation; or, where she is brought in, for the secret
   * by which she asks for the key.
   */
  private async enter(k: Kept, t?: Ticket): Promise<void> {
    let key = k.key || k.invites?.length ? k.key : null;
    this.tellState('waiting_key');
    for (const until = Date.now() + KEY; key === null && Date.now() < until && !this.over; ) {
      await this.work();
      const came = await this.desk?.callKey(this.call, this.getAttribute('other') ?? '');
      if (came) key = encode(came);
      else await new Promise((r) => setTimeout(r, 300));
    }
    if (this.over) return;
    if (key === null) return this.keyless();
    const kept = this.keep(this.group && !k.key ? { ...k, invites: k.invites ?? [key] } : { ...k, key });
    void this.desk?.forgetCall(this.call); // the page has it from now on
    await this.join(kept, 'seat', t);
  }

  private async keyless(): Promise<void> {
    await end(this.call);
    this.finish('no_key');
  }

  private async join(k: Kept, by: string, given?: Ticket): Promise<void> {
    const [key, seed] = [decode(k.key), decode(k.seed)];
    if (!key || !seed || this.over) return;
    try {
      const [t] = await Promise.all([given ?? ask<Ticket>(`/calls/${this.call}/${by}`, { seat: k.seat }), import('./talk.ts')]);
      if (this.group) await this.look(); // who is there, before anybody is listened to
      const invites = (k.invites ?? []).map(decode).filter((b) => b !== null);
      await this.stage.join(t, { seat: k.seat, seed, held: key.length > 0 ? { n: k.n ?? 0, key, by: k.by ?? '' } : null, invites });
      this.tries = 0;
    } catch (e) {
      await this.look();
      if (this.over) return;
      if (this.tries++ > 30) return this.tell((e as Error).message);
      setTimeout(() => void this.join(k, by), AGAIN);
      return;
    }
    if (key.length === 0 && !(await this.admitted())) return;
    await this.stage.speak();
    this.stage.choose();
    await this.look();
  }

  /** A newcomer asks for the key until whoever brings her in gives it. */
  private async admitted(): Promise<boolean> {
    for (const until = Date.now() + KEY; !this.stage.keys?.held; ) {
      if (this.over) return false;
      if (Date.now() > until) return this.keyless().then(() => false);
      await this.stage.keys?.ask();
      await new Promise((r) => setTimeout(r, ASK));
    }
    this.stage.talk?.hear();
    return true;
  }

  /** Asks how the call stands. */
  private async look(): Promise<void> {
    if (this.over || (!this.mine && this.dataset['call'] === 'joining')) return; // its answer is on its way
    let s: Standing | null;
    try {
      s = await standing<Standing>(`/calls/${this.call}/state`);
    } catch {
      return; // it passes, or the line is away: it is asked again
    }
    this.noes = s ? 0 : this.noes + 1;
    // One no may be a passing one: a ringing call does not end by it.
    if (!s && this.noes >= NOES && this.state !== 'answered') this.finish('ended');
    if (!s || this.over) return;
    const was = this.state;
    this.state = s.state;
    if (ENDS[s.state]) return this.finish(ENDS[s.state] ?? 'ended');
    if (s.state === 'answered' && !this.kept) return this.finish('elsewhere');
    if (s.state === 'answered') {
      if (was !== 'answered' || this.quiet) {
        this.hush();
        this.pace(this.answering ? LOOK : HERE);
      }
      this.crowd(s);
      await this.compare(s.number ?? '');
      if (this.stage.talk) this.talking();
      return;
    }
    if (!this.mine) return;
    const how = s.rings.length > 1 ? 'rings_both' : s.rings.length === 1 ? `rings_${s.rings[0] ?? device()}` : s.not_reached ? 'not_reached' : s.woken ? 'woken' : 'sent';
    this.tellState(how);
  }

  /** Who is there, and who is being called in. */
  private crowd(s: Standing): void {
    if (!s.people) return;
    this.people = s.people.length;
    this.stage.people(s.people, this.kept?.seat ?? '');
    const rings = this.company.show(s.brought ?? []);
    if (rings !== this.waits) this.pace(rings ? LOOK : HERE);
    this.waits = rings;
  }

  private talking(): void {
    if (!this.stage.keys?.held) return; // a newcomer still asks for it
    this.tellState(this.stage.others > 0 ? 'talking' : 'alone');
    this.stage.show(true);
  }

  private finish(how: string): void {
    if (this.over) return;
    this.over = true;
    const why = how === 'ended' && this.people > 2 ? 'left' : how; // the others go on
    this.hush();
    clearInterval(this.timer2);
    sessionStorage.removeItem(`call/${this.call}`);
    setTimeout(() => void this.desk?.forgetCall(this.call), why === 'elsewhere' ? ELSEWHERE : 0);
    this.stage.end();
    for (const e of [document.querySelector<HTMLElement>('form[data-part=end]'), this.piece('digits')]) if (e) e.hidden = true;
    const after = this.piece('after');
    if (after) after.hidden = false;
    this.tellState(why);
  }

  private bind(): void {
    this.on('answer', () => this.answer());
    this.on('decline', () => end(this.call).then(() => this.look()));
    this.on('later', () => end(this.call, true).then(() => this.look()));
    document.querySelector('form[data-part=end]')?.addEventListener('submit', (e) => {
      e.preventDefault();
      void end(this.call).then(() => this.look());
    });
  }

  /** For tests. */
  counted(): Promise<Counted | undefined> {
    return this.stage.talk?.counted() ?? Promise.resolve(undefined);
  }
}
