// Where issuer keys come from: from the hall with its cookies and from the safe
// origin without, which must be the same bytes, and each key is looked up in the
// public log before it is used. A key for one person alone would show in one of these.
import { type Bytes, decode } from '../account/bytes.ts';
import { Broken, type IssuerKey, issuerKey } from './blind.ts';
import { isKey } from './hpke.ts';
import type { Slot } from './derive.ts';
import { inLog, type Proof } from './log.ts';
import { Away, BARE } from './visit.ts';

interface Book {
  v: number;
  space: string;
  epoch: number;
  keys: { purpose: string; epoch: number; n: string; e: number; place: number }[];
  letters?: { box: string; key: string; place: number };
}

const BITS: Record<Slot['purpose'], number> = { right: 2048, read: 2048, mail: 2048, consultation: 3072 };

const text = async (address: string, how: RequestInit): Promise<string> => {
  let r: Response;
  try {
    r = await fetch(address, how);
  } catch {
    throw new Away();
  }
  if (!r.ok) throw new Away();
  return r.text();
};

/** What the public log says at a place. Asked for without cookies, like everybody's; fails with Broken when it cannot show it. */
async function logged(place: number): Promise<Record<string, unknown>> {
  const bare: RequestInit = { ...BARE, mode: 'same-origin' };
  const [key, answer] = await Promise.all([text('/log/key', bare), text(`/log/proof?index=${place}`, bare)]);
  const p = JSON.parse(answer) as Proof;
  const shown = await inLog(p, key.trim()).catch(() => null);
  if (!shown || p.index !== place) throw new Broken('unlogged');
  return JSON.parse(p.entry) as Record<string, unknown>;
}

/** The issuers of a space, of a consultation, or of the hall itself (no space), asked for once. */
export class Issuers {
  #book: Promise<Book> | null = null;
  #letters: Promise<Bytes> | null = null;

  constructor(private readonly space: string, private readonly safe: string, private readonly log: (place: number) => Promise<Record<string, unknown>> = logged, private readonly of = 'space') {}

  async #fetch(): Promise<Book> {
    const space = encodeURIComponent(this.space);
    const [here, there] = space ? [`/${this.of}s/${space}/keys`, `/keys?${this.of}=${space}`] : ['/keys', '/keys'];
    const [mine, everybodys] = await Promise.all([text(here, { cache: 'no-store' }), text(this.safe + there, BARE)]);
    if (mine !== everybodys) throw new Broken('differs');
    return JSON.parse(mine) as Book;
  }

  #read(): Promise<Book> {
    this.#book ??= this.#fetch();
    this.#book.catch(() => (this.#book = null));
    return this.#book;
  }

  async #insist(place: number, said: Record<string, unknown>): Promise<void> {
    const entry = await this.log(place);
    if (Object.entries(said).some(([name, value]) => entry[name] !== value)) throw new Broken('unlogged');
  }

  /** The origin at which letters to the hall are handed in; empty when it has no letterbox. Fails with Broken: differs. */
  async letterbox(): Promise<string> {
    return (await this.#read()).letters?.box ?? '';
  }

  /** The key that letters are sealed to, looked up once. Fails with Broken like the key of a slot. */
  letterKey(): Promise<Bytes> {
    this.#letters ??= this.#sealedTo();
    this.#letters.catch(() => (this.#letters = null));
    return this.#letters;
  }

  async #sealedTo(): Promise<Bytes> {
    const l = (await this.#read()).letters;
    if (!l) throw new Broken('none');
    const key = decode(l.key);
    if (!key || !(await isKey(key))) throw new Broken('weak');
    await this.#insist(l.place, { kind: 'letterbox', box: l.box, key: l.key });
    return key;
  }

  /** The key of a slot. Fails with Broken when it must be refused: weak, differs, twice, none, unlogged. */
  async key(slot: Slot): Promise<IssuerKey> {
    const found = (await this.#read()).keys.filter((k) => k.purpose === slot.purpose && k.epoch === slot.epoch);
    const k = found[0];
    if (!k) throw new Broken('none');
    if (found.length > 1) throw new Broken('twice');
    const key = await issuerKey(k.n, k.e, BITS[slot.purpose]);
    await this.#insist(k.place, { kind: 'issuer', purpose: slot.purpose, space: slot.space, epoch: slot.epoch, n: k.n });
    return key;
  }
}
