// A letter: a visit sealed to the hall, which somebody else's letterbox brings and
// whose answer it keeps. docs/PASSES.md, "Letters".
import { type Bytes, concat, utf8 } from '../account/bytes.ts';
import { unlock } from '../account/derive.ts';
import { exported, sealTo, sender } from './hpke.ts';
import { Away, BARE, Garbled, type Result, Turned } from './visit.ts';

/** What a letter holds, in bytes; LONG is what does not fit, as long as a page that is put away may still send. */
export const SHORT = 8192;
export const LONG = 61_440;

/** A letter on the way out, and the secret that opens its answer. */
export interface Closed {
  letter: Bytes;
  secret: Bytes;
}

/** Seals the body of a visit, at most LONG bytes, to the hall's key. */
export async function close(to: Bytes, visit: Bytes): Promise<Closed> {
  const size = visit.length > SHORT ? LONG : SHORT;
  if (visit.length > size) throw new RangeError('letter');
  const s = await sender(to, 'guildhall/letters/1');
  const body = new Uint8Array(size).fill(0x20);
  body.set(visit);
  return { letter: concat(s.enc, await sealTo(s, body)), secret: await exported(s, utf8('guildhall/letters/1/answer')) };
}

/** Reads an answer. Fails with Turned when the hall refused the visit, with Garbled for what the secret does not open. */
export async function openAnswer(secret: Bytes, answer: Bytes): Promise<Result[]> {
  const plain = answer.length < 28 ? null : await unlock(secret, answer, new Uint8Array(0));
  if (!plain || plain.length < 8) throw new Garbled();
  const view = new DataView(plain.buffer);
  const end = 4 + view.getUint32(0);
  if (end < 8 || end > plain.length) throw new Garbled();
  let said: { v?: number; results?: Result[]; error?: string; message?: string };
  try {
    said = JSON.parse(new TextDecoder().decode(plain.slice(8, end))) as typeof said;
  } catch {
    throw new Garbled();
  }
  if (view.getUint32(4) !== 200) throw new Turned(said.error ?? '', said.message ?? '');
  if (said.v !== 1 || !said.results) throw new Garbled();
  return said.results;
}

/** The letterbox was not reached. */
export class BoxAway extends Away {}

/** What is known of a letter where letters are handed in. */
export type Whereabouts = Bytes | 'waiting' | 'unknown';

/** Where letters are handed in. */
export interface Letterbox {
  at: string; // origin
  host: string;
  /** Seals a visit to the hall's key. Fails with Broken when that must be refused. */
  close(visit: Bytes): Promise<Closed>;
  /** Hands a letter in; the same once more is the same. Fails with BoxAway, or with Turned and the letterbox's reason. */
  hand(id: string, letter: Bytes): Promise<void>;
  /** Asks for the answer. */
  ask(id: string): Promise<Whereabouts>;
  /** Takes a letter back that was not brought yet. */
  back(id: string): Promise<'back' | 'brought' | 'unknown'>;
}

/** The letterbox at an origin. What is asked of it names nobody. */
export class RemoteBox implements Letterbox {
  readonly host: string;

  constructor(readonly at: string, private readonly key: () => Promise<Bytes>) {
    this.host = new URL(at).host;
  }

  async #request(method: string, id: string, body?: Bytes): Promise<Response> {
    try {
      return await fetch(`${this.at}/letters/${id}`, { ...BARE, method, ...(body ? { body, keepalive: true } : {}) });
    } catch {
      throw new BoxAway();
    }
  }

  async close(visit: Bytes): Promise<Closed> {
    return close(await this.key(), visit);
  }

  async hand(id: string, letter: Bytes): Promise<void> {
    const r = await this.#request('PUT', id, letter);
    if (!r.ok && r.status !== 409) throw await turned(r); // 409: it was handed in before, and is brought already
  }

  async ask(id: string): Promise<Whereabouts> {
    const r = await this.#request('GET', id);
    return r.status === 200 ? new Uint8Array(await r.arrayBuffer()) : means(r, { 202: 'waiting', 404: 'unknown' });
  }

  async back(id: string): Promise<'back' | 'brought' | 'unknown'> {
    return means(await this.#request('DELETE', id), { 204: 'back', 409: 'brought', 404: 'unknown' });
  }
}

/** What a status means; one that means nothing comes from no letterbox. */
function means<T>(r: Response, of: Record<number, T>): T {
  const is = of[r.status];
  if (is === undefined) throw new BoxAway();
  return is;
}

async function turned(r: Response): Promise<Error> {
  const said = (await r.json().catch(() => ({}))) as { error?: string; message?: string };
  return said.message ? new Turned(said.error ?? '', said.message) : new BoxAway();
}
