// A visit: one signed request to the safe origin with everything a mask or
// reader does, padded so that its size tells little. No cookie, no referrer,
// nothing kept; the hall closes the line behind each.
import { type Bytes, concat, encode, utf8 } from '../account/bytes.ts';
import { joined } from './derive.ts';
import type { Pass } from './pass.ts';
import type { Signer } from './signer.ts';

export const STEP = 4096;
export const MOST = 2 << 20; // bytes of a visit
const PARTING = 2 * STEP; // bytes at least, so that most posts look like silence on the line

/** One act; what fields it has depends on what it does. */
export interface Act {
  do: string;
  id?: string;
  thread?: string;
  title?: string;
  reply?: string;
  text?: string;
  lang?: string;
  kind?: string;
  verdict?: string;
  epoch?: number;
  blinded?: string;
  blinds?: string[];
  about?: string; // a consultation
  count?: number; // of answers to it: the highest holds
  answers?: string;
}

/** How an act went. */
export interface Result {
  do: string;
  ok: boolean;
  id?: string; // of the act
  error?: string;
  message?: string; // in the reader's language
  state?: string;
  name?: string;
  batch?: number; // days
  waiting?: number;
  from?: number;
  to?: number;
  until?: number;
  renew?: number;
  reason?: string;
  signature?: string;
  reads?: string[]; // blind signatures
  count?: number; // of the answers that hold
  answers?: string;
  judge?: Brief[];
}

/** A text that a juror is to judge; what else there is of the case stands in the bundle. */
export interface Brief {
  case: string;
  title?: string;
  html: string;
}

export interface Visit {
  space: string;
  day: number;
  lang: string;
  pass?: Pass;
  acts: Act[];
  parting?: boolean; // nobody reads the answer, which then has no bundle
}

export interface Answer {
  results: Result[];
  bundle: Bundle | null;
}

export interface Bundle {
  v: number;
  space: { id: string; name: string; pace: string; state: 'open' | 'small'; masks: number }; // masks: active ones
  tick: number;
  masks: Speaker[];
  threads: Thread[];
  digest: { post: string; to: string }[];
  cases: Case[];
  asked?: { id: string; epoch: number; until: number }[]; // consultations of its masks: until when passes are given
  heard?: Heard[]; // what became of posts that are cases of public questions
  window?: { week: number; k: number }; // of the week that ended last
}

/** Something that became of a mask's posts. */
export type Heard = {
  id: string;
  to: string;
  what: string;
  href: string;
  title: string;
};

export interface Speaker {
  id: string;
  key: string;
  name: string;
  state?: string; // old, muted, banned
}

export interface Thread {
  id: string;
  title: string;
  posts: Post[];
}

export interface Post {
  id: string;
  mask: string;
  day: number;
  reply?: string;
  lang?: string;
  html: string;
  state?: string;
  reason?: string;
  recommended?: number;
}

/** An appeal with its outcome, or one that waits for its jurors. */
export interface Case {
  id: string;
  day: number;
  about: 'hidden' | 'muted' | 'banned';
  post?: string;
  mask: string;
  reason: string;
  text: string;
  jurors: string[];
  words?: string[];
  outcome?: string; // upheld, overturned; none while open
}

/** What came back is not an answer of this protocol. */
export class Garbled extends Error {}

/** The safe origin said no to the visit as a whole, in the reader's language. */
export class Turned extends Error {
  constructor(readonly code: string, message: string) {
    super(message);
  }
}

/** Nobody was reached. */
export class Away extends Error {}

/** Signs a visit and pads it. */
export async function seal(v: Visit, by: Signer): Promise<Bytes> {
  const json = utf8(JSON.stringify({
    v: 1, space: v.space, day: v.day, lang: v.lang, key: encode(by.key), ...(v.pass ? { pass: v.pass } : {}), acts: v.acts,
    ...(v.parting ? { parting: true } : {}),
  }));
  const signature = encode(await by.sign(joined('guildhall/masks/1/visit', json)));
  const head = utf8(`${signature}\n`);
  const size = Math.ceil(Math.max(v.parting ? PARTING : 0, head.length + json.length) / STEP) * STEP;
  if (size > MOST) throw new RangeError('visit');
  return concat(head, json, new Uint8Array(size - head.length - json.length).fill(0x20));
}

/** Reads an answer: results, and the bundle for whoever may read. */
export async function open(answer: Bytes): Promise<Answer> {
  const [results, rest] = block(answer);
  const [packed] = block(rest);
  try {
    const bundle = packed.length ? (JSON.parse(await unpack(packed)) as Bundle) : null;
    const said = JSON.parse(new TextDecoder().decode(results)) as { v: number; results: Result[] };
    if (said.v !== 1) throw new Garbled();
    return { results: said.results, bundle };
  } catch {
    throw new Garbled();
  }
}

/** One block: u32(length) ‖ bytes ‖ zeros up to a multiple of STEP. */
function block(b: Bytes): [Bytes, Bytes] {
  if (b.length < 4) throw new Garbled();
  const end = 4 + new DataView(b.buffer, b.byteOffset).getUint32(0);
  const next = Math.ceil(end / STEP) * STEP;
  if (next > b.length) throw new Garbled();
  return [b.slice(4, end), b.slice(next)];
}

async function unpack(packed: Bytes): Promise<string> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}

/** How every request to the safe origin is made. */
export const BARE: RequestInit = { credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store', mode: 'cors', redirect: 'error' };

const bring = (origin: string, body: Bytes, keepalive: boolean): Promise<Response> =>
  fetch(`${origin}/m`, { ...BARE, method: 'POST', headers: { 'Content-Type': 'text/plain' }, body, keepalive });

/** Sends a visit as the page is put away; nobody is there for an answer. */
export const leave = (origin: string, body: Bytes): void => void bring(origin, body, true).catch(() => undefined);

/** Sends a visit to the safe origin. */
export async function pay(origin: string, body: Bytes): Promise<Answer> {
  let r: Response;
  try {
    r = await bring(origin, body, false);
  } catch {
    throw new Away();
  }
  if (!r.ok) {
    const said = (await r.json().catch(() => ({}))) as { error?: string; message?: string };
    throw new Turned(said.error ?? String(r.status), said.message ?? '');
  }
  return open(new Uint8Array(await r.arrayBuffer()));
}
