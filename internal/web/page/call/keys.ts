// The keys of a call, as one of its pages holds them, and how they pass between its pages
// when it is a group: by the call's own data channel, so without the hall.
// docs/decisions/0102 says why so. A frame begins with its kind:
//
//   words  the number of a key, a nonce, and what is sealed under that key
//   give   a key, sealed by HPKE for one page's public key and by another's (auth mode), and
//          the public keys of all who are given it
//   ask    a newcomer's public key, sealed under the secret of her invitation
//   take   the public key of who brings her in, sealed under the same
//   lack   nothing: its sender cannot open what comes
//
// Pages are known by their seats. Only those are listened to, and given keys, that the page
// shows as people who are there.
import { type Bytes, concat, decode, encode, random, same, utf8 } from '../account/bytes.ts';
import { openWith, POINT, sealFor, suite } from './handshake.ts';

export const Kind = { words: 1, give: 2, ask: 3, take: 4, lack: 5 } as const;

/** One key of a call. Of two with one number the one by the lower seat counts. */
export interface Held {
  n: number;
  key: Bytes;
  by: string;
}

/** What a page says to the others under the key: `t` is its sort. */
export type Words = { t: string } & Record<string, unknown>;

/** What carries frames, and seals sound and pictures. */
export interface Wire {
  send(frame: Bytes, to?: string[]): Promise<void>;
  put(n: number, key: Bytes, now: boolean): Promise<void>; // takes a key; now: also to seal with
}

/** What the page is told. */
export interface Changed {
  held(): void; // there is another key
}

const IV = 12;
const SECRET = 32;
const LONGEST = 8192; // bytes of a frame
const MANY = 80; // frames of one page in a second that are looked at
const FAR = 200; // how far ahead a key's number may be
const USED = 1000; // ms after which a new key seals: the others have it by then
const BURNT = 6000; // ms after which the one before opens nothing any more
const WAITS = 3000; // ms that the others have before this page makes the key that is due
const OFTEN = 1000; // ms between two answers to one page

const better = (a: Held, b: Held | null): boolean => !b || a.n > b.n || (a.n === b.n && a.by < b.by);
const info = (label: string, ...words: string[]): Bytes => utf8([`guildhall/calls/${label}/1`, ...words].join('\0'));
const wait = (f: () => void, ms: number): void => void setTimeout(f, ms);

export class Keys {
  held: Held | null = null;
  private used: Held | null = null;
  private wire: Wire | null = null;
  private list: string[] | null = null; // who is there; null: whoever speaks
  private readonly sealers = new Map<number, Promise<CryptoKey>>();
  private readonly pins = new Map<string, Bytes>(); // public keys
  private readonly seen = new Map<string, { since: number; n: number; given: number }>();
  private turn: Promise<unknown> = Promise.resolve();
  private asked = 0; // when a key was last made for a newcomer
  private lacked = 0;

  private constructor(
    readonly seat: string, private readonly pair: CryptoKeyPair, private readonly mine: Bytes, private readonly invites: Bytes[],
    private readonly told: Changed, private readonly later: (f: () => void, ms: number) => void,
  ) {}

  /** Of one page; the seed is its own, so that it is the same when it is loaded anew. */
  static async begin(seat: string, seed: Bytes, invites: Bytes[], told: Changed, later = wait): Promise<Keys> {
    const pair = await suite.kem.deriveKeyPair(seed.slice().buffer);
    return new Keys(seat, pair, new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey)), invites, told, later);
  }

  /** There is a line, or another one. */
  async on(wire: Wire): Promise<void> {
    this.wire = wire;
    if (!this.held) return;
    this.used = this.held;
    await wire.put(this.held.n, this.held.key, true);
  }

  /** Lets in whoever has this secret: it went by a sealed message to one whom this page has called. */
  invite(secret: Bytes): void {
    this.invites.push(secret);
  }

  /** Takes a key, unless a better one is there. */
  async adopt(k: Held): Promise<boolean> {
    const was = this.held;
    if (!better(k, was)) return false;
    this.held = k;
    this.sealers.set(k.n, sealer(k.key, 'words'));
    const use = (): void => {
      if (this.held !== k) return;
      this.used = k;
      void this.wire?.put(k.n, k.key, true);
    };
    await this.wire?.put(k.n, k.key, !was);
    if (!was) this.used = k;
    else {
      this.later(use, USED);
      this.later(() => void this.burn(was.n), BURNT);
    }
    this.told.held();
    return true;
  }

  private async burn(n: number): Promise<void> {
    if (this.held && (n === this.held.n || this.held.n - n > 15)) return; // its place is another's
    this.sealers.delete(n);
    await this.wire?.put(n, random(SECRET), false);
  }

  /** Who is there, as the page shows it. When one has gone, there is to be another key. */
  settle(list: string[]): Promise<void> {
    return this.alone(async () => {
      const gone = (this.list ?? []).filter((s) => !list.includes(s));
      this.list = list;
      for (const s of gone) for (const m of [this.pins, this.seen]) m.delete(s);
      if (!this.held) return;
      if (gone.length > 0) await this.due();
      await this.greet();
    });
  }

  /** Says its public key to whoever does not seem to know it, and asks for theirs. */
  private async greet(): Promise<void> {
    const to = this.list?.filter((s) => s !== this.seat && !this.pins.has(s));
    if (to?.length) await this.here(to, true);
  }

  private async here(to: string[] | undefined, want: boolean): Promise<void> {
    await this.wire?.send(await this.seal({ t: 'here', pub: encode(this.mine), want }, this.held), to);
  }

  /** Somebody is there now, or again. */
  met(): Promise<void> {
    return this.alone(async () => {
      if (this.held) await this.here(undefined, true);
    });
  }

  private async due(): Promise<void> {
    const { n } = this.held as Held;
    const first = [this.seat, ...this.pins.keys()].sort()[0];
    if (first === this.seat) await this.renew();
    else this.later(() => void this.alone(async () => (this.held?.n === n ? this.renew() : undefined)), WAITS);
  }

  /** Makes another key, and gives it to each who is there. */
  private async renew(): Promise<void> {
    const next = { n: (this.held?.n ?? -1) + 1, key: random(SECRET), by: this.seat };
    const to = this.there;
    for (const s of to) await this.give(s, next);
    await this.adopt(next);
  }

  private get there(): string[] {
    return [...this.pins.keys()].filter((s) => !this.list || this.list.includes(s));
  }

  private async give(to: string, k: Held): Promise<void> {
    const key = this.pins.get(to);
    if (!key) return;
    const plain = utf8(JSON.stringify({ n: k.n, key: encode(k.key), by: k.by, to: Object.fromEntries([[this.seat, this.mine] as const, ...this.pins].map(([s, p]) => [s, encode(p)])) }));
    const box = await sealFor(key, info('give', this.seat, to), plain, this.pair).catch(() => null); // a key that is none
    if (box) await this.wire?.send(concat(new Uint8Array([Kind.give]), box), [to]);
  }

  /** A newcomer asks to be let in, again and again until she has the key. */
  ask(): Promise<void> {
    return this.alone(async () => {
      for (const secret of this.invites) await this.wire?.send(await under(secret, Kind.ask, this.seat, { pub: encode(this.mine) }));
    });
  }

  /** Says that what comes cannot be opened, so that somebody gives this page the key of now. */
  async lack(): Promise<void> {
    if (Date.now() - this.lacked < OFTEN) return;
    this.lacked = Date.now();
    await this.wire?.send(new Uint8Array([Kind.lack]));
  }

  /** Seals what is said. */
  async seal(words: Words, by = this.used): Promise<Bytes> {
    const k = by as Held;
    const iv = random(IV);
    const plain = utf8(JSON.stringify(words));
    const key = await (this.sealers.get(k.n) ?? sealer(k.key, 'words'));
    const box = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: info('words', this.seat) }, key, plain);
    return concat(new Uint8Array([Kind.words, k.n & 255]), iv, new Uint8Array(box));
  }

  /** Says something to all. */
  async say(words: Words): Promise<void> {
    if (this.used) await this.wire?.send(await this.seal(words));
  }

  /** Takes a frame. What it gives is what somebody says under the key; null: nothing for the page. */
  heard(frame: Uint8Array, from: string): Promise<Words | null> {
    if (frame.length > LONGEST || from === this.seat || (this.list && !this.list.includes(from)) || !this.paces(from)) return Promise.resolve(null);
    return this.alone(() => this.take(new Uint8Array(frame), from));
  }

  private paces(from: string): boolean {
    const now = Date.now();
    const s = this.seen.get(from) ?? { since: now, n: 0, given: 0 };
    if (now - s.since >= 1000) [s.since, s.n] = [now, 0];
    s.n++;
    this.seen.set(from, s);
    return s.n <= MANY;
  }

  /** One thing after another: what is given is there before what was sealed under it. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async take(frame: Bytes, from: string): Promise<Words | null> {
    const body = frame.slice(1);
    switch (frame[0]) {
      case Kind.words:
        return this.takeWords(body, from);
      case Kind.give:
        await this.takeKey(body, from);
        return null;
      case Kind.ask:
        await this.takeAsk(body, from);
        return null;
      case Kind.take:
        for (const secret of this.held ? [] : this.invites) this.pin(from, (await opened(secret, Kind.take, from, body))?.['pub'], true);
        return null;
      case Kind.lack:
        if (this.held && this.mayGive(from)) await this.give(from, this.held);
    }
    return null;
  }

  private mayGive(to: string): boolean {
    const s = this.seen.get(to);
    if (!s || Date.now() - s.given < OFTEN) return false;
    s.given = Date.now();
    return true;
  }

  private async takeWords(body: Bytes, from: string): Promise<Words | null> {
    const n = [...this.sealers.keys()].find((k) => (k & 255) === body[0]);
    if (n === undefined) return null;
    const w = await opens(await (this.sealers.get(n) as Promise<CryptoKey>), body.slice(1), info('words', from));
    if (!w || typeof w['t'] !== 'string') return null;
    if (w['t'] !== 'here') return w as Words;
    this.pin(from, w['pub'], false);
    if (w['want'] === true) await this.here([from], !this.pins.has(from));
    return null;
  }

  /** Notes whose key it is; another of the same page counts only from whoever brings her in. */
  private pin(seat: string, text: unknown, anew: boolean): void {
    const key = typeof text === 'string' ? decode(text) : null;
    if (key?.length === POINT && (anew || !this.pins.has(seat)) && this.pins.size < 64) this.pins.set(seat, key);
  }

  private async takeKey(body: Bytes, from: string): Promise<void> {
    const by = this.pins.get(from);
    const plain = by && (await openWith(this.pair, info('give', from, this.seat), body, by));
    const k = plain && heldOf(plain);
    if (!k || k.n > (this.held?.n ?? k.n) + FAR) return;
    for (const [s, pub] of k.to) if (s !== this.seat && (!this.list || this.list.includes(s))) this.pin(s, pub, false);
    const given = k.to.map(([s]) => s);
    if (await this.adopt({ n: k.n, key: k.key, by: k.by })) {
      for (const s of this.there) if (!given.includes(s)) await this.give(s, this.held as Held);
      await this.greet();
    } else if (this.held && better(this.held, k) && this.mayGive(from)) await this.give(from, this.held);
  }

  private async takeAsk(body: Bytes, from: string): Promise<void> {
    for (const secret of this.held ? this.invites : []) {
      const pub = (await opened(secret, Kind.ask, from, body))?.['pub'];
      if (typeof pub !== 'string' || !this.mayGive(from)) continue;
      const was = this.pins.get(from);
      this.pin(from, pub, true);
      await this.wire?.send(await under(secret, Kind.take, this.seat, { pub: encode(this.mine) }), [from]);
      const now = this.pins.get(from);
      const known = was && now && same(was, now);
      if (known || Date.now() - this.asked < OFTEN) return this.give(from, this.held as Held);
      this.asked = Date.now();
      return this.renew(); // so that what was said before is not hers to open
    }
  }
}

function heldOf(plain: Bytes): (Held & { to: [string, unknown][] }) | null {
  const v = parsed(plain);
  const key = typeof v?.['key'] === 'string' ? decode(v['key']) : null;
  const { n, by, to } = v ?? {};
  if (key?.length !== SECRET || !Number.isSafeInteger(n) || (n as number) < 0 || typeof by !== 'string' || by.length > 64 || typeof to !== 'object' || !to) return null;
  return { n: n as number, key, by, to: Object.entries(to) };
}

function parsed(plain: Uint8Array): Record<string, unknown> | null {
  try {
    const v: unknown = JSON.parse(new TextDecoder().decode(plain));
    return typeof v === 'object' && v !== null ? (v as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The key under which something is sealed, of a secret and for one use. */
async function sealer(secret: Bytes, use: string): Promise<CryptoKey> {
  const from = await crypto.subtle.importKey('raw', secret.slice(), 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: info(use) }, from, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

async function opens(key: CryptoKey, body: Bytes, additionalData: Bytes): Promise<Record<string, unknown> | null> {
  try {
    return parsed(new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: body.slice(0, IV), additionalData }, key, body.slice(IV))));
  } catch {
    return null;
  }
}

/** Seals under the secret of an invitation. */
async function under(secret: Bytes, kind: number, from: string, what: object): Promise<Bytes> {
  const iv = random(IV);
  const box = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: info(`invite ${String(kind)}`, from) }, await sealer(secret, 'invite'), utf8(JSON.stringify(what)));
  return concat(new Uint8Array([kind]), iv, new Uint8Array(box));
}

const opened = async (secret: Bytes, kind: number, from: string, body: Bytes): Promise<Record<string, unknown> | null> =>
  opens(await sealer(secret, 'invite'), body, info(`invite ${String(kind)}`, from));
