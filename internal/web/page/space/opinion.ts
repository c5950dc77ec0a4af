// What a person thinks in a consultation of masks, on her device: a letter for each
// statement, and what of it has left. Her mask asks for the pass at a visit to its space,
// as every mask does; what she thinks leaves with the pass in a later one, so nothing
// ties the two. docs/PASSES.md, "Consultations".
import { type Bytes, decode, encode, random } from '../account/bytes.ts';
import { dayOf } from './calendar.ts';
import { consultationSeed } from './derive.ts';
import { BoxAway, type Letterbox, openAnswer } from './letter.ts';
import { reader } from './reading.ts';
import { signer } from './signer.ts';
import { maskOf, type Paper, quiet, QUIET, type State } from './state.ts';
import { type Act, type Answer, Garbled, type Result, seal, Turned } from './visit.ts';
import type { Rows, Voice } from './world.ts';

const ON_ITS_WAY = 2 * 60_000; // ms that a letter of a page that was put away may still need
const ANYWAY = 1 / 3; // how often what is due leaves though the visit is not quiet

/** A letter, or what left with a page: of two that are alike one leaves. */
interface Sent {
  id: string;
  secret: string;
  page: string;
  of: string;
  at: number;
  sure: boolean;
  what: 'said' | 'nothing';
  count: number; // of the answers in it
  says: string[]; // ids of statements in it
}

/** What is kept of a consultation beside the pass. */
export interface Sheet {
  row: string; // a letter for each statement: + - 0 and . for nothing
  count: number; // of changes
  heard: number; // the count that the hall is known to have
  left: number; // the count that may have left with a page, without an answer
  says: { id: string; text: string }[]; // statements that the hall is not known to have
  refused: string[]; // why it did not take some
  letters: Sent[];
}

const EMPTY: Sheet = { row: '', count: 0, heard: 0, left: 0, says: [], refused: [], letters: [] };

/** What the page says of a consultation, and the world around it. */
export interface Asked {
  id: string;
  space: string;
  epoch: number;
  until: number; // the last day on which a pass is given
  root: Bytes;
  lang: string;
  rows: Rows;
  now(): number;
  spoke(): number;
  draw(): number;
  pay(body: Bytes): Promise<Answer>;
  alone<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** What leaves when the page is put away, by what was done openly before. */
export interface Parting {
  quiet: Bytes | null;
  spoken: Bytes | null;
  ids?: { quiet: string; spoken: string };
}

interface Load {
  what: Sent['what'];
  space: string;
  voice: Voice;
  acts: Act[];
}

export class Opinion {
  readonly #page = encode(random(8));
  readonly #coin: boolean;

  constructor(private readonly w: Asked, readonly box: Letterbox | null) {
    this.#coin = w.draw() < ANYWAY;
  }

  async sheet(): Promise<Sheet> {
    return { ...EMPTY, ...(await this.w.rows.get<Partial<Sheet>>(`asked ${this.w.id}`)) };
  }

  #space(): Promise<State | null> {
    return this.w.rows.get<State>(`space ${this.w.space}`);
  }

  /** The pass that the mask was given, or why there is none; null before it asked. */
  async paper(): Promise<Paper | null> {
    return (await this.#space())?.papers?.[this.w.id] ?? null;
  }

  #within<T>(work: (p: Sheet) => Promise<T> | T): Promise<T> {
    return this.w.alone(`asked ${this.w.id}`, async () => {
      const p = await this.sheet();
      try {
        return await work(p);
      } finally {
        await this.w.rows.put(`asked ${this.w.id}`, p);
      }
    });
  }

  /** Whether there is or may be a pass for whoever is here. */
  async may(): Promise<boolean> {
    const p = await this.paper();
    return p ? !!p.pass : dayOf(this.w.now()) <= this.w.until && maskOf(await this.#space(), this.w.epoch) >= 0;
  }

  #quiet(): boolean {
    return quiet(this.w.now(), this.w.spoke());
  }

  /** Answers a statement, by its number; the whole row counts as changed once until it may have left. */
  answer(n: number, letter: string): Promise<void> {
    return this.#within((p) => {
      const row = p.row.padEnd(n, '.');
      p.row = row.slice(0, n - 1) + letter + row.slice(n);
      const gone = Math.max(p.heard, p.left, ...p.letters.map((l) => l.count)); // what is ready may leave at any moment
      p.count = Math.max(p.count, gone + 1);
    });
  }

  say(text: string): Promise<void> {
    return this.#within((p) => void p.says.push({ id: encode(random(16)), text }));
  }

  /** At the beginning of a visit: asks the letterbox, or without one the hall for what it can tell. */
  begin(): Promise<void> {
    return this.#within(async (p) => {
      if (this.box) return this.#collect(p, this.box);
      if (!this.#quiet() && !this.#coin) return;
      const load = p.left ? await this.#load(p) : null;
      if (!load) return;
      const results = (await this.w.pay(await this.#sealed(load, false))).results;
      await this.#took(p, results);
      p.left = 0;
    });
  }

  async #collect(p: Sheet, box: Letterbox): Promise<void> {
    for (const l of p.letters.filter((x) => x.page !== this.#page)) {
      const is = await box.ask(l.id);
      if (is === 'unknown') {
        if (l.sure || this.w.now() - l.at >= ON_ITS_WAY) p.letters = p.letters.filter((x) => x !== l);
        continue;
      }
      p.letters = p.letters.filter((x) => x === l || x.of !== l.of);
      l.sure = true;
      if (is === 'waiting') continue;
      p.letters = p.letters.filter((x) => x !== l);
      await this.#open(p, l, is);
    }
  }

  async #open(p: Sheet, l: Sent, answer: Bytes): Promise<void> {
    try {
      const results = await openAnswer(decode(l.secret) ?? new Uint8Array(0), answer);
      if (l.what !== 'nothing') await this.#took(p, results);
    } catch (e) {
      if (!(e instanceof Garbled) && !(e instanceof Turned)) throw e; // then it was as if it had never been sent
      if (e instanceof Turned && e.code !== 'mask.day' && l.what !== 'nothing') p.refused.push(e.message);
    }
  }

  async #took(p: Sheet, results: Result[]): Promise<void> {
    for (const r of results) {
      if (r.do === 'answer' && r.ok && r.count && r.count >= p.heard) {
        p.heard = r.count;
        if (r.count < p.count || (r.count === p.count && r.answers === p.row)) continue;
        Object.assign(p, { count: r.count, row: r.answers ?? '' }); // another device has said more
      }
      if (r.do === 'say') p.says = p.says.filter((s) => s.id !== r.id);
      if (!r.ok) p.refused.push(r.message ?? '');
    }
  }

  /** Whether a letter has left, as far as is known. */
  #left(l: Sent): boolean {
    return l.sure || (l.page !== this.#page && this.w.now() - l.at < ON_ITS_WAY);
  }

  /** What is to be said with the pass, which is used in no visit in which it came; null for nothing. */
  async #load(p: Sheet): Promise<Load | null> {
    const paper = await this.paper();
    if (!paper?.pass || this.w.now() - paper.at < QUIET) return null;
    const gone = p.letters.filter((l) => this.#left(l));
    const acts: Act[] = p.says.filter((s) => !gone.some((l) => l.says.includes(s.id))).slice(0, 5).map((s) => ({ do: 'say', id: s.id, text: s.text }));
    if (p.count > p.heard && !gone.some((l) => l.count >= p.count)) acts.unshift({ do: 'answer', count: p.count, answers: p.row });
    const by = await signer(await consultationSeed(this.w.root, this.w.id));
    return acts.length ? { what: 'said', space: this.w.id, voice: { by, pass: paper.pass }, acts } : null;
  }

  /** A visit that says nothing: by letter under a key of its own, else by the day's read pass. */
  async #silence(): Promise<Load | null> {
    const s = this.box ? null : await this.#space();
    const voice = this.box ? { by: await signer(random(32)) } : await reader(this.w.root, this.w.space, s?.reads ?? null, this.w.now());
    return voice && { what: 'nothing', space: this.w.space, voice, acts: [] };
  }

  #sealed(l: Load, parting = true): Promise<Bytes> {
    const { pass } = l.voice;
    return seal({ space: l.space, day: dayOf(this.w.now()), lang: this.w.lang, ...(pass ? { pass } : {}), acts: l.acts, parting }, l.voice.by);
  }

  /** What leaves when the page is put away: by letter always one, else what is said or a silence. */
  parting(): Promise<Parting> {
    return this.#within(async (p) => {
      const [load, silence, of] = [await this.#load(p), await this.#silence(), encode(random(8))];
      const quiet = load ?? silence;
      const spoken = this.#coin ? quiet : silence;
      if (!this.box && quiet?.what === 'said') p.left = Math.max(p.count, 1);
      if (!this.box) return { quiet: quiet && (await this.#sealed(quiet)), spoken: spoken && (await this.#sealed(spoken)) };
      const made = await Promise.all([quiet, spoken].map((l) => this.#letter(l as Load, of)));
      p.letters = [...p.letters.filter((l) => l.sure || l.page !== this.#page), ...made.map((m) => m.sent)].slice(-60);
      const [q, s] = made as [Made, Made];
      return { quiet: q.body, spoken: s.body, ids: { quiet: q.sent.id, spoken: s.sent.id } };
    });
  }

  async #letter(l: Load, of: string): Promise<Made> {
    if (!this.box) throw new BoxAway();
    const { letter: body, secret } = await this.box.close(await this.#sealed(l));
    const count = l.acts.find((a) => a.do === 'answer')?.count ?? 0;
    const says = l.acts.flatMap((a) => (a.do === 'say' ? [a.id ?? ''] : []));
    return { body, sent: { id: encode(random(16)), secret: encode(secret), page: this.#page, of, at: this.w.now(), sure: false, what: l.what, count, says } };
  }

  /** Which of the two leaves now. */
  leaving(): 'quiet' | 'spoken' {
    return this.#quiet() ? 'quiet' : 'spoken';
  }

  /** Why the hall did not take something, once. */
  refused(): Promise<string[]> {
    return this.#within((p) => p.refused.splice(0));
  }

  /** How it stands, in the name of a sentence. */
  async stand(): Promise<string> {
    const [p, paper] = await Promise.all([this.sheet(), this.paper()]);
    if (paper?.why) return 'refused';
    if (p.count > p.heard || p.says.length) {
      if (!paper) return 'waits';
      return p.letters.some((l) => l.sure && l.count === p.count) ? 'letter' : 'kept';
    }
    if (p.heard) return 'counted';
    return paper ? 'pass' : 'asks';
  }
}

interface Made {
  body: Bytes;
  sent: Sent;
}
