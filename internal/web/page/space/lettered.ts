// A person in a careful space of a hall with a letterbox. Her mask never comes to the
// hall by itself: each visit hands in one letter when it ends, whether it says
// something or not, and begins by asking for the answers to those before. What is in
// a letter is written down before that leaves. docs/PASSES.md, "Letters".
import { type Bytes, decode, encode, random, utf8 } from '../account/bytes.ts';
import { Broken } from './blind.ts';
import { dayOf, epochOf, lastDelivery } from './calendar.ts';
import { BoxAway, type Letterbox, LONG, openAnswer, SHORT } from './letter.ts';
import { type Asking, asking } from './reading.ts';
import { signer } from './signer.ts';
import { Standing } from './standing.ts';
import { age, arrange, asAct, dueDeeds, type Letter, mayRenew, mayTake, outgoing, overdue, registered, type Sent, type State, succeed } from './state.ts';
import { type Act, Away, Garbled, type Result, Turned } from './visit.ts';
import type { Parting, Voice, World } from './world.ts';

const ON_ITS_WAY = 2 * 60_000; // ms that a letter of a page that was put away may still need
const MOST_ACTS = 50; // in a letter, so that their results fit into its answer
const MOST_LETTERS = 200; // that a device asks after
const AROUND = 1024; // bytes of a visit beside its acts, at most

/** Something was brought to the hall before it could be taken back. */
export class Brought extends Error {}

/** Which of what waits may leave. */
type Which = (x: { anyway?: boolean }) => boolean;

/** What one letter carries. */
type Load = Pick<Letter, 'what' | 'n' | 'acts'> & { voice: Voice };

/** A letter as it leaves. */
interface Sealed {
  letter: Letter;
  body: Bytes;
}

const bytesOf = (a: Act): number => utf8(JSON.stringify(a)).length + 1;

/** Whether a post can go by letter. */
export const fits = (p: Sent): boolean => bytesOf(asAct(p)) <= LONG - AROUND;

/** As many acts, from the first on, as one letter takes; a long one only when the first is long. */
function together(acts: Act[]): Act[] {
  let room = (bytesOf(acts[0] as Act) > SHORT - AROUND ? LONG : SHORT) - AROUND;
  const upTo = acts.findIndex((a, i) => (room -= bytesOf(a)) < 0 || i >= MOST_ACTS);
  return upTo < 0 ? acts : acts.slice(0, upTo);
}

function forget(s: State, l: Letter): void {
  s.letters = s.letters.filter((o) => o !== l);
}

/** The hall knows no such mask, neither born nor waiting: what waited is lost with its memory, and registers again. */
function notFound(s: State): void {
  s.finding = false;
  if (s.coming) s.coming.batch = 0;
}

/** Tells her at her next visit why something was not done. */
function refuse(s: State, why = ''): void {
  s.refused = [...s.refused, why].slice(-5);
}

export class Lettered extends Standing {
  readonly #page = encode(random(8));
  #unheard: Sealed | null = null; // handed in in this visit, without an answer
  #errand: { act: Act; n: number } | null = null; // what the mask asks for itself, made ready when the visit began

  constructor(w: World, readonly box: Letterbox) {
    super(w);
  }

  /** Asks for the answers to earlier letters, then looks in without the mask. */
  override look(): Promise<void> {
    return this.within(async (s) => {
      const now = this.w.now();
      s.box = this.box.at;
      if (s.mask) age(s.mask, now);
      const failed = [await this.#collect(s)];
      arrange(s, now, this.w.spoke(), await this.crowd(s), this.draw);
      const reader = await this.reader(s);
      if (reader) await this.read(s);
      if (s.letters.some((l) => this.#onItsWay(l))) failed.push(await this.#collect(s));
      failed.push(await this.#prepare(s).then(() => null, (e: unknown) => e));
      const first = failed.find(Boolean);
      if (first) throw first;
    });
  }

  /** By when a post or deed is brought that is in a letter at the letterbox; 0 while that is on its way, null when none holds it. */
  where(s: State, id: string): number | null {
    const holds = s.letters.filter((l) => this.#left(l) && l.acts.some((a) => a.id === id));
    const sure = holds.find((l) => l.sure);
    return sure ? lastDelivery(sure.at) : holds[0] ? 0 : null;
  }

  #onItsWay(l: Letter): boolean {
    return !l.sure && l.page !== this.#page && this.w.now() - l.at < ON_ITS_WAY;
  }

  /** Whether a letter has left, as far as is known; what is in it does not leave again. */
  #left(l: Letter): boolean {
    return l.sure || this.#onItsWay(l) || l.id === this.#unheard?.letter.id;
  }

  /** Asks the letterbox after every letter, all alike, and takes in what has come; gives what went wrong. */
  async #collect(s: State): Promise<unknown> {
    const asked = s.letters.filter((l) => l.sure || l.page !== this.#page);
    const found = await Promise.all(asked.map((l) => this.box.ask(l.id))).catch((e: unknown) => e);
    if (!Array.isArray(found)) {
      if (!(found instanceof BoxAway)) return found;
      s.unreached ||= this.w.now();
      return null; // the page says so
    }
    s.unreached = asked.length ? 0 : s.unreached;
    let failed: unknown = null;
    for (const [i, l] of asked.entries()) {
      const is = found[i] as Awaited<ReturnType<Letterbox['ask']>>;
      if (is === 'unknown') {
        if (!this.#onItsWay(l)) forget(s, l); // counts as never sent
        continue;
      }
      s.letters = s.letters.filter((o) => o === l || o.of !== l.of);
      l.sure = true;
      s.turn = l.what === 'said';
      if (is === 'waiting') await this.#unsay(s, l);
      else failed ??= await this.#open(s, l, is).catch((e: unknown) => e);
    }
    return failed;
  }

  /** Takes a letter back that arrived though a post in it had been taken back. */
  async #unsay(s: State, l: Letter): Promise<void> {
    if (l.acts.some((a) => s.unsaid.includes(a.id ?? '')) && (await this.box.back(l.id)) === 'back') forget(s, l);
  }

  /** Takes the answer to a letter in, as if it had just come. */
  async #open(s: State, l: Letter, answer: Bytes): Promise<void> {
    try {
      await this.#arrived(s, l, await openAnswer(decode(l.secret) ?? new Uint8Array(0), answer));
    } catch (e) {
      if (e instanceof Garbled || (e as Turned).code === 'mask.day') return; // not for this key, changed on the way, or brought days late: it was never sent
      if (!(e instanceof Turned)) throw e;
      if (l.what === 'status') notFound(s);
      else if (l.what !== 'nothing') refuse(s, e.message);
    } finally {
      forget(s, l);
      await this.keep(s);
    }
  }

  async #arrived(s: State, l: Letter, results: Result[]): Promise<void> {
    const r = results[0];
    if (l.what === 'said') return this.#told(s, l, results);
    if (l.what === 'status' && l.n === s.n + 1) return this.#status(s, r);
    if (l.what === 'take' && l.n === s.n + 1 && s.coming) {
      if (r?.ok) registered(s.coming, r, this.w.now());
      else refuse(s, r?.message);
    }
    if (l.what === 'renew' && l.n === s.n && !s.coming) {
      await this.heard(s, await this.renewal(s, l.epoch), r);
    }
    if (l.what === 'admit') await this.admitted(s, await this.admission(l.acts[0]?.about ?? '', l.epoch), r, 0);
    if (l.what === 'reads' && r?.ok && l.epoch === epochOf(this.w.now()) && s.reads?.epoch !== l.epoch) {
      s.reads = await (await this.#asking(l.n, l.epoch)).passes(r);
    }
  }

  /** Takes in what became of posts and deeds. A deed that was changed meanwhile still has to leave. */
  async #told(s: State, l: Letter, results: Result[]): Promise<void> {
    const same = (r: Result): boolean => {
      const deed = s.deeds.find((d) => d.act.do === r.do && d.act.id === r.id);
      return !deed || l.acts.some((a) => JSON.stringify(a) === JSON.stringify(deed.act));
    };
    await this.take(s, { results: results.filter(same), bundle: null });
    for (const p of s.sent) if (l.acts.some((a) => a.do === 'post' && a.id === p.id)) p.asked = dayOf(this.w.now());
  }

  /** Takes in how the next mask stands: born, still waiting, or found on a device that is new to it. */
  async #status(s: State, r: Result | undefined): Promise<void> {
    if (!r?.ok) return notFound(s);
    s.finding = r.state === 'renewed';
    if (r.state === 'waiting') {
      if (s.coming) registered(Object.assign(s.coming, { takeAt: s.coming.takeAt || 1 }), r, this.w.now());
      return;
    }
    succeed(s);
    await this.take(s, { results: [r], bundle: null });
  }

  #asking(n: number, epoch: number): Promise<Asking> {
    return asking(this.w.root, { purpose: 'read', space: this.w.space, epoch }, n, this.w.issuer);
  }

  /** Makes ready what the mask asks for itself, of which the keys must be compared and looked up first. */
  async #prepare(s: State): Promise<void> {
    const now = this.w.now();
    this.#errand = null;
    await this.box.close(new Uint8Array(0)); // says if the key must be refused
    let wish: { act: Act; n?: number } | undefined;
    if (s.n >= 0 && s.reads?.epoch !== epochOf(now)) {
      wish = await this.#asking(s.n, epochOf(now));
    } else if (mayRenew(s, now)) {
      if (s.renewing < 0) s.renewing = epochOf(now);
      await this.keep(s); // the same epoch again, should the answer be lost
      wish = await this.renewal(s, s.renewing);
    } else wish = await this.wanted(s);
    if (wish) this.#errand = { n: s.n, ...wish };
  }

  /** What the mask itself needs, unless it is under way. */
  async #need(s: State, which: Which): Promise<Load | null> {
    const now = this.w.now();
    const open = (what: string): boolean => !s.letters.some((l) => l.what === what && this.#left(l));
    const load = (act: Act, n: number, voice: Voice): Load => ({ what: act.do as Letter['what'], n, acts: [act], voice });
    const n = s.n + 1;
    const next = { by: await this.mask(n) };
    if (s.coming && mayTake(s, now) && which(s.coin) && open('take')) { // of a mask that is there already it is the same request
      return load({ do: 'take' }, n, { ...next, pass: s.coming.pass });
    }
    if (((s.coming?.batch && dayOf(now) >= s.coming.batch) || s.finding) && open('status')) return load({ do: 'status' }, n, next);
    const e = this.#errand;
    return e && open(e.act.do) && (e.act.do === 'reads' || which(s.coin)) ? load(e.act, e.n, { by: await this.mask(e.n) }) : null;
  }

  /** What is said: posts and what is done to posts, without what is in a letter already, and what would overtake it. */
  async #said(s: State, which: Which): Promise<Load | null> {
    const now = this.w.now();
    const busy = new Set(s.letters.filter((l) => this.#left(l)).flatMap((l) => l.acts.map((a) => a.id)));
    const posts = s.n < 0 ? [] : outgoing(s, now, await this.crowd(s)).filter((p) => which(p) && fits(p));
    const late = s.n < 0 ? [] : overdue(s, dayOf(now)).filter(fits);
    const acts = [...[...posts, ...late].map(asAct), ...dueDeeds(s, now).filter(which).map((d) => d.act)].filter((a) => !busy.has(a.id));
    const voice = acts.length ? await this.voice(s) : null;
    return voice && { what: 'said', n: s.n, acts: together(acts), voice };
  }

  /**
   * Makes the letter of this visit: what is said and what the mask itself needs in turn, else
   * nothing. Nothing is said under a key of its own, never the day's: the hall would
   * count who looked in and whose letter is lacking.
   */
  async #make(s: State, which: Which, of: string): Promise<Sealed> {
    const [said, need] = [await this.#said(s, which), await this.#need(s, which)];
    const load = (s.turn ? need ?? said : said ?? need)
      ?? { what: 'nothing' as const, n: -1, acts: [], voice: { by: await signer(random(32)) } };
    const { letter: body, secret } = await this.box.close(await this.sealed(load.voice, load.acts, true));
    const acts = ['said', 'admit'].includes(load.what) ? load.acts.map((a) => (a.do === 'post' ? { do: a.do, id: a.id ?? '' } : a)) : [];
    const [{ what, n }, epoch] = [load, load.acts[0]?.epoch ?? 0];
    return { body, letter: { id: encode(random(16)), secret: encode(secret), page: this.#page, of, at: this.w.now(), sure: false, what, n, epoch, acts } };
  }

  /** Writes letters down that may leave in this visit, instead of those that were ready before. */
  async #ready(s: State, made: Sealed[]): Promise<void> {
    const kept = s.letters.filter((l) => l.sure || l.page !== this.#page);
    s.letters = [...kept, ...made.map((m) => m.letter)].slice(-MOST_LETTERS);
    await this.keep(s);
  }

  /** The two letters of which one leaves when the page is put away; always two, for whoever asks after one more stands out. */
  override parting(): Promise<Parting> {
    return this.within(async (s) => {
      const of = encode(random(8));
      try {
        const quiet = this.#unheard ?? (await this.#make(s, () => true, of));
        const spoken = await this.#make(s, (x) => !!x.anyway, of);
        await this.#ready(s, [quiet, spoken]);
        return { quiet: quiet.body, spoken: spoken.body, ids: { quiet: quiet.letter.id, spoken: spoken.letter.id } };
      } catch (e) {
        if (e instanceof Broken || e instanceof Away) return { quiet: null, spoken: null };
        throw e;
      }
    });
  }

  /** The visit has ended though the page is still there: its letter is handed in. */
  override rest(): Promise<void> {
    return this.within(async (s) => {
      const quiet = this.quiet();
      const going = this.#unheard ?? (await this.#make(s, (x) => quiet || !!x.anyway, encode(random(8))));
      this.#unheard = going;
      await this.#ready(s, [going]);
      try {
        await this.box.hand(going.letter.id, going.body); // the same again, should the answer be lost
      } catch (e) {
        if (e instanceof BoxAway) s.unreached ||= this.w.now();
        throw e;
      }
      for (const l of s.letters) l.sure ||= l.id === going.letter.id;
      s.unreached = 0;
      this.#unheard = null;
    });
  }

  /** It registers, renews and asks by letter, with what the visit's end brings. */
  protected override may(): boolean {
    return false;
  }

  /** Asks, one letter after the other, which mask of this seat speaks. */
  override find(): Promise<boolean> {
    return this.within(async (s) => {
      s.finding = s.n < 0 || s.mask?.state === 'renewed';
      return s.n >= 0;
    });
  }

  /** Takes a letter back from the letterbox. Only what was brought is taken out of the hall's pool, by the mask itself. */
  protected override async fetchBack(s: State, post: Sent): Promise<void> {
    const l = s.letters.find((o) => this.#left(o) && o.acts.some((a) => a.do === 'post' && a.id === post.id));
    if (!l) return super.fetchBack(s, post);
    const was = await this.box.back(l.id);
    if (was === 'brought') {
      await this.#collect(s);
      throw new Brought();
    }
    if (was === 'unknown' && !l.sure) s.unsaid = [...s.unsaid, post.id].slice(-50); // it may still arrive
    else s.letters = s.letters.filter((o) => o.of !== l.of);
    if (this.#unheard?.letter.id === l.id) this.#unheard = null;
  }
}
