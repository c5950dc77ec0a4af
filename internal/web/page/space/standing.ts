// One person in one space, as this device knows her: which key speaks, what goes
// out in which visit, and what comes of the answers. Every step can be cut off
// and taken again: what is sent was written down before, and is the same again.
import { type Bytes, encode, random } from '../account/bytes.ts';
import { dayOf, epochOf, weekOf } from './calendar.ts';
import { type Crowd, crowdOf } from './crowd.ts';
import { maskSeed, type Slot } from './derive.ts';
import { maskID, picture } from './mask.ts';
import { type Pass, receive, requestRight } from './pass.ts';
import { asking, reader } from './reading.ts';
import { signer, type Signer } from './signer.ts';
import { age, arrange, asAct, became, type Coming, type Draw, drawn, dueDeeds, EMPTY, holdBack, maskOf, mayLeave, mayRenew, mayTake, notRenewed, outgoing, overdue, overhear, quiet, type Reads, registered, renewed, type Sent, speaks, standsAs, type State, succeed, takeSoon, takeWithMany } from './state.ts';
import { type Act, type Answer, type Bundle, type Result, seal, Turned } from './visit.ts';
import type { Draft, Parting, Voice, World } from './world.ts';

/** What the mask asks to be signed blindly. */
export interface Wish {
  act: Act;
  pass(r: Result): Promise<Pass>;
}

export class Standing {
  protected readonly draw: Draw;

  constructor(protected readonly w: World) {
    this.draw = w.draw ?? drawn;
  }

  get #row(): string {
    return `space ${this.w.space}`;
  }

  async state(): Promise<State> {
    return { ...EMPTY, ...(await this.w.rows.get<State>(this.#row)) };
  }

  bundle(): Promise<Bundle | null> {
    return this.w.rows.get<Bundle>(`bundle ${this.w.space}`);
  }

  /** Works on the state while no other tab does; what work left in it is kept, also when it failed. */
  protected within<T>(work: (s: State) => Promise<T>): Promise<T> {
    return this.w.alone(this.#row, async () => {
      const s = await this.state();
      try {
        return await work(s);
      } finally {
        await this.w.rows.put(this.#row, s);
      }
    });
  }

  protected keep(s: State): Promise<void> {
    return this.w.rows.put(this.#row, s);
  }

  /** Takes in what the hall served to the seat. */
  served(right: Pass | null, reads: Reads | null): Promise<void> {
    return this.within(async (s) => {
      if (reads) s.reads = reads;
      // A right of an earlier epoch was served in one of its weeks, which are over.
      const week = right && right.epoch < epochOf(this.w.now()) ? weekOf(this.w.now()) - 1 : weekOf(this.w.now());
      if (right && s.n < 0 && !s.coming) s.coming = { pass: right, week, takeAt: 0, batch: 0, waiting: 0 };
    });
  }

  /**
   * Comes in and looks, without the mask. Only what should have left when an earlier
   * visit ended, and of which no answer was seen, goes out again, under the mask.
   */
  look(): Promise<void> {
    return this.within(async (s) => {
      const now = this.w.now();
      if (s.mask) age(s.mask, now);
      const crowd = await this.crowd(s);
      arrange(s, now, this.w.spoke(), crowd, this.draw);
      if (await this.#born(s)) return;
      const late = s.n < 0 ? [] : overdue(s, dayOf(now));
      for (const p of late) p.asked = dayOf(now);
      const acts = [...this.#leaving(s, (x) => x.ready < now, crowd), ...late.map(asAct)];
      if (speaks(acts)) await this.#visit(s, acts);
      else await this.read(s);
    });
  }

  /**
   * Looks in and does nothing: by the day's read pass, so that nobody who watches sees how
   * often a mask comes, and at which hours. Without one it must be the mask.
   */
  protected async read(s: State): Promise<void> {
    const reader = await this.reader(s);
    if (reader) await this.take(s, await this.#pay(reader, []));
    else await this.#come(s);
  }

  /** Comes as the mask itself, to be told how it stands and what it is to judge. */
  inquire(): Promise<void> {
    return this.within((s) => this.#come(s));
  }

  /** Comes as the mask, and where there are no read passes of the epoch asks for them as well. */
  async #come(s: State): Promise<void> {
    if (s.n < 0) return;
    const slot: Slot = { purpose: 'read', space: this.w.space, epoch: epochOf(this.w.now()) };
    let refused: unknown = null; // said once the mask has been here all the same
    const asked = s.reads?.epoch === slot.epoch ? null : await asking(this.w.root, slot, s.n, this.w.issuer).catch((e: unknown) => {
      refused = e;
      return null;
    });
    const r = (await this.#visit(s, [{ do: 'status' }, ...(asked ? [asked.act] : [])]))?.at(-1);
    if (asked && r?.ok) s.reads = await asked.passes(r);
    if (refused) throw refused;
  }

  /** The visit has ended though the page is still there: what may leave does, and silence looks in as well. */
  rest(): Promise<void> {
    return this.within(async (s) => {
      const quiet = this.quiet();
      const acts = this.#leaving(s, (x) => quiet || !!x.anyway, await this.crowd(s));
      if (speaks(acts)) await this.#visit(s, acts);
      else await this.read(s);
    });
  }

  /** What goes out, whoever speaks. */
  #leaving(s: State, which: (x: { ready: number; anyway?: boolean }) => boolean, crowd: Crowd | null): Act[] {
    const now = this.w.now();
    const deeds = dueDeeds(s, now).filter(which).map((d) => d.act);
    return s.n < 0 ? deeds : [{ do: 'status' }, ...outgoing(s, now, crowd).filter(which).map(asAct), ...deeds];
  }

  /** How much the mask and others have said, by the last bundle; null without a mask, or where it does not matter. */
  async crowd(s: State): Promise<Crowd | null> {
    return s.n < 0 ? null : crowdOf(await this.bundle(), await maskID(await this.#key(s.n)), s.sent);
  }

  /** Lets a post leave though its mask says more than others; tells whether there is one. */
  loud(id: string): Promise<boolean> {
    return this.within(async (s) => {
      const post = s.sent.find((p) => p.id === id && p.state === 'held');
      if (post) Object.assign(post, { loud: true, ready: this.w.now() });
      return !!post;
    });
  }

  /**
   * Does something to a post, as whoever speaks here then. It leaves when this visit
   * ends; later, when this device has just spoken openly. Gives the moment before
   * which it does not leave; 0 for none.
   */
  deed(act: Act): Promise<number> {
    return this.within(async (s) => {
      const after = this.quiet() ? 0 : holdBack(this.w.now(), this.draw);
      const undoes = act.do.startsWith('un') ? act.do.slice(2) : `un${act.do}`;
      s.deeds = s.deeds.filter((d) => d.act.id !== act.id || ![act.do, undoes].includes(d.act.do));
      s.deeds.push({ act, after, ready: this.w.now() });
      if (act.do === 'judge') s.judged = { ...s.judged, [act.id ?? '']: act.verdict ?? '' };
      if (act.do === 'recommend') s.praised = [...s.praised, act.id ?? ''].slice(-500);
      if (act.do === 'unrecommend') s.praised = s.praised.filter((id) => id !== act.id);
      return after;
    });
  }

  /** Whether this device has been silent under its owner's own name for long enough. */
  protected quiet(): boolean {
    return quiet(this.w.now(), this.w.spoke());
  }

  /** Whether the mask may come by itself for what the hall's files date. */
  protected may(s: State): boolean {
    return mayLeave(s, this.w.now(), this.w.spoke());
  }

  /**
   * What is sent when the page is put away after a quiet visit, and what after another:
   * waiting posts and deeds, or else a registration, or else nothing in a request that
   * looks the same. One key only, for two requests at once may share a line.
   */
  async parting(): Promise<Parting> {
    const s = await this.state();
    return { quiet: await this.#farewell(s, () => true), spoken: await this.#farewell(s, (x) => !!x.anyway) };
  }

  async #farewell(s: State, which: (x: { anyway?: boolean }) => boolean): Promise<Bytes | null> {
    const acts = this.#leaving(s, which, await this.crowd(s)).filter((a) => a.do !== 'status');
    const voice = speaks(acts) ? await this.voice(s) : null;
    if (voice) return this.sealed(voice, acts, true);
    if (s.coming && mayTake(s, this.w.now()) && which(s.coin)) return this.sealed(await this.next(s, s.coming), [{ do: 'take' }], true);
    const silent = (await this.reader(s)) ?? (await this.voice(s));
    return silent && this.sealed(silent, [], true);
  }

  protected async next(s: State, c: Coming): Promise<Voice> {
    return { by: await this.mask(s.n + 1), pass: c.pass };
  }

  protected async voice(s: State): Promise<Voice | null> {
    return s.n < 0 ? this.reader(s) : { by: await this.mask(s.n) };
  }

  protected reader(s: State): Promise<Voice | null> {
    return reader(this.w.root, this.w.space, s.reads, this.w.now());
  }

  async #visit(s: State, acts: Act[]): Promise<Result[] | null> {
    const voice = await this.voice(s);
    if (!voice) return null;
    const answer = await this.#pay(voice, acts);
    await this.take(s, answer);
    return answer.results;
  }

  protected sealed(voice: Voice, acts: Act[], parting = false): Promise<Bytes> {
    const { space, lang } = this.w;
    return seal({ space, day: dayOf(this.w.now()), lang, ...(voice.pass ? { pass: voice.pass } : {}), acts, parting }, voice.by);
  }

  async #pay(voice: Voice, acts: Act[]): Promise<Answer> {
    return this.w.pay(await this.sealed(voice, acts));
  }

  /** Takes an answer in: the mask's state, what became of posts, the bundle. */
  protected async take(s: State, { results, bundle }: Answer): Promise<void> {
    for (const r of results) {
      if (r.do === 'status' && r.ok) standsAs(s, r);
      const post = r.do === 'post' ? s.sent.find((p) => p.id === r.id) : undefined;
      if (post) became(post, r);
      const deed = s.deeds.find((d) => d.act.do === r.do && d.act.id === r.id);
      if (deed && !r.ok) s.refused = [...s.refused, r.message ?? ''].slice(-5);
      if (deed) s.deeds = s.deeds.filter((d) => d !== deed);
    }
    if (!bundle) return;
    if (!results.some((r) => r.do === 'status') && s.n >= 0) overhear(s, bundle, await maskID(await this.#key(s.n)));
    const shown = new Set(bundle.threads.flatMap((t) => t.posts.map((p) => p.id)));
    s.sent = s.sent.filter((p) => !shown.has(p.id));
    await this.w.rows.put(`bundle ${this.w.space}`, bundle);
  }

  /** Looks whether the registration has become a mask; then it speaks from now on. */
  async #born(s: State): Promise<boolean> {
    const c = s.coming;
    if (!c?.batch || dayOf(this.w.now()) < c.batch) return false;
    const by = await this.mask(s.n + 1);
    let answer: Answer;
    try {
      answer = await this.#pay({ by }, [{ do: 'status' }]);
    } catch (e) {
      if (!(e instanceof Turned)) throw e;
      c.batch = 0; // the hall lost what waited with its memory: registered again, the same is said
      return false;
    }
    const status = answer.results[0];
    if (!status?.ok || status.state === 'waiting') {
      registered(c, status, this.w.now());
      return false;
    }
    succeed(s);
    await this.take(s, answer);
    return true;
  }

  /** Decides when the seat's right becomes a mask: soon, or with the many of the next epoch. */
  ask(wait: boolean): Promise<void> {
    return this.within(async (s) => {
      if (!s.coming || s.coming.batch) return;
      const now = this.w.now();
      s.coming.takeAt = wait ? takeWithMany(now, this.draw) : takeSoon(s.coming, now, this.draw);
    });
  }

  /** Registers the right when its moment has come, in a visit of its own. */
  register(): Promise<boolean> {
    return this.within(async (s) => {
      const c = s.coming;
      if (!c || !mayTake(s, this.w.now()) || !this.may(s)) return false;
      const r = (await this.#pay(await this.next(s, c), [{ do: 'take' }])).results[0];
      if (!r?.ok) throw new Turned(r?.error ?? '', r?.message ?? '');
      registered(c, r, this.w.now());
      return true;
    });
  }

  /** Renews the mask when renewal is open: asks for the right to the next one. */
  renew(): Promise<boolean> {
    return this.within(async (s) => {
      if (!mayRenew(s, this.w.now()) || !this.may(s)) return false;
      if (s.renewing < 0) s.renewing = epochOf(this.w.now());
      await this.keep(s); // the same epoch again, should the answer be lost
      const w = await this.renewal(s, s.renewing);
      return this.heard(s, w, (await this.#visit(s, [{ do: 'status' }, w.act]))?.at(-1));
    });
  }

  /** The request for the next mask's right, the same each time. */
  protected renewal(s: State, epoch: number): Promise<Wish> {
    return this.#wish('renew', { purpose: 'right', space: this.w.space, epoch }, s.n + 1);
  }

  /** The request for the pass to a consultation, the same each time. */
  protected admission(about: string, epoch: number): Promise<Wish> {
    return this.#wish('admit', { purpose: 'consultation', space: about, epoch }, 0, { about });
  }

  async #wish(deed: string, slot: Slot, n: number, more = {}): Promise<Wish> {
    const issuer = await this.w.issuer(slot);
    const asked = await requestRight(this.w.root, slot, n, issuer);
    return { act: { do: deed, epoch: slot.epoch, blinded: encode(asked.blinded.request), ...more }, pass: async (r) => (await receive([asked], issuer, [r.signature ?? '']))[0] as Pass };
  }

  /** Takes in what the hall said to that request. */
  protected async heard(s: State, w: Wish, r: Result | undefined): Promise<boolean> {
    if (!r?.ok) {
      notRenewed(s, r);
      return false;
    }
    renewed(s, await w.pass(r), this.w.now(), this.draw);
    return true;
  }

  /**
   * Asks for the pass to a consultation that the space shows. Every mask does at a visit,
   * whether its owner will answer or not, so that asking says nothing.
   */
  admit(): Promise<void> {
    return this.within(async (s) => {
      const w = this.may(s) ? await this.wanted(s) : null;
      if (w) await this.admitted(s, w, (await this.#pay({ by: await this.mask(w.n) }, [w.act])).results[0], this.w.now());
    });
  }

  /** The pass that is asked for next, and the mask that asks; null for none. */
  protected async wanted(s: State): Promise<(Wish & { n: number }) | undefined> {
    const a = (await this.bundle())?.asked?.find((x) => !s.papers[x.id] && dayOf(this.w.now()) <= x.until && maskOf(s, x.epoch) >= 0);
    return a && { n: maskOf(s, a.epoch), ...(await this.admission(a.id, a.epoch)) };
  }

  /** Takes in what the hall said to that: a pass, or why there is none, which is for good. */
  protected async admitted(s: State, w: Wish, r: Result | undefined, at: number): Promise<void> {
    if (!r?.ok && !r?.error?.startsWith('mask.admit.')) return;
    s.papers = { ...s.papers, [w.act.about ?? '']: { pass: r.ok ? await w.pass(r) : null, at, why: r.message ?? '' } };
  }

  /** Writes a post down. It leaves when this visit ends; later, when this device has just spoken openly. */
  post(d: Draft): Promise<Sent> {
    return this.within(async (s) => {
      const id = encode(random(16));
      const after = this.quiet() ? 0 : holdBack(this.w.now(), this.draw);
      const sent: Sent = { ...d, id, thread: d.thread || id, state: 'held', after, ready: this.w.now(), from: 0, to: 0, message: '' };
      s.sent.push(sent);
      s.written = `${s.written}\n${d.text}`.slice(-60_000);
      return sent;
    });
  }

  /** Takes a post back: off the device, or out of the hall's pool. Its text is given back. */
  withdraw(id: string): Promise<Sent | null> {
    return this.within(async (s) => {
      const post = s.sent.find((p) => p.id === id);
      if (!post) return null;
      await this.fetchBack(s, post);
      s.sent = s.sent.filter((p) => p.id !== id);
      s.written = s.written.replace(post.text, '');
      return post;
    });
  }

  /** Takes a post out of the hall's pool, if it waits there. */
  protected async fetchBack(s: State, { id, state }: Sent): Promise<void> {
    if (state !== 'waiting') return;
    const r = (await this.#visit(s, [{ do: 'status' }, { do: 'withdraw', id }]))?.at(-1);
    if (!r?.ok) throw new Turned(r?.error ?? '', r?.message ?? '');
  }

  /**
   * On a device that is new to a seat whose right was served long ago: looks, from
   * the first mask on, which one speaks now.
   */
  find(): Promise<boolean> {
    return this.within(async (s) => {
      while (s.n < 0 || s.mask?.state === 'renewed') {
        const by = await this.mask(s.n + 1);
        const answer = await this.#pay({ by }, [{ do: 'status' }]).catch((e: unknown) => {
          if (e instanceof Turned) return null;
          throw e;
        });
        const status = answer?.results[0];
        if (!answer || !status?.ok) break;
        if (status.state === 'waiting') {
          if (s.coming) registered(Object.assign(s.coming, { takeAt: 1 }), status, this.w.now());
          break;
        }
        Object.assign(s, { n: s.n + 1, coming: null });
        await this.take(s, answer);
      }
      return s.n >= 0;
    });
  }

  /** Notes that answers were read. */
  saw(posts: string[]): Promise<void> {
    return this.within(async (s) => {
      s.seen = [...new Set([...s.seen, ...posts])].slice(-500);
    });
  }

  /** Why the hall did not do what was asked of it since the last time; said once. */
  refused(): Promise<string[]> {
    return this.within(async (s) => {
      const { refused } = s;
      s.refused = [];
      return refused;
    });
  }

  /** The ids of this person's masks here, the newest first. */
  async ids(): Promise<string[]> {
    const { n } = await this.state();
    return Promise.all(Array.from({ length: n + 1 }, (_, i) => this.#key(n - i).then(maskID)));
  }

  /** What the picture of the mask that speaks now is drawn from; empty without one. */
  async picture(): Promise<string> {
    const { n } = await this.state();
    return n < 0 ? '' : picture(await this.#key(n));
  }

  /** Mask n of this person, by which it signs. */
  protected mask(n: number): Promise<Signer> {
    return maskSeed(this.w.root, this.w.space, n).then(signer);
  }

  async #key(n: number): Promise<Bytes> {
    return (await this.mask(n)).key;
  }
}
