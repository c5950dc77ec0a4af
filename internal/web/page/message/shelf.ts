// The shelf on which this device keeps its conversations. It can be looked through
// without the program that seals.
import type { Bytes } from '../account/bytes.ts';
import { keptRoot } from '../account/device.ts';
import { Book } from './book.ts';
import { CallKeys } from './callkey.ts';
import type { Deed, Line } from './content.ts';
import * as hall from './hall.ts';

export interface KeptPackage {
  body: string;
  init: string;
  hpke: string;
}

/** The keys of this device, as they are kept. */
export interface Me {
  leaf: string;
  signKey: string;
  publicKey: string;
  packages: KeptPackage[];
  last: KeptPackage;
  enrolled: boolean;
}

/** A conversation, as this device keeps it. */
export interface Talk {
  id: string;
  state: string;
  epoch: number;
  n: number; // the last place that was read
  with: { face: string; name: string; handle: string };
  room?: Room; // of more than two; with is then nobody
  into?: string; // two were begun at once: this one is closed, and goes on in that one
  closed?: boolean; // the hall knows so
  seen: number; // the last place that was shown
  lost: boolean; // too much is missing: this device must come in anew
  out: boolean; // this device was taken out
  asked?: boolean; // its owner had left, and was brought in again: what she says comes first
  pending?: { sent: hall.Sent; state: string; epoch: number }; // a change that the hall may have
}

/** Who is in a conversation of more than two, as far as this device knows. */
export interface Room {
  name: string;
  people: Record<string, hall.Known>; // also those who were in it
  keeper: string;
  unsure: string[]; // devices of which the hall does not say what they say of themselves
}

/** A deed that waits to be sent. */
export interface Queued {
  id: string;
  group: string; // empty: a conversation is to be begun
  handle: string;
  deed: Deed;
  piece?: number; // how many pieces of its file the hall has
  sealed?: hall.Sent;
}

/** How far before a conversation's own lines those of one stand that was closed into it. */
export const BEFORE = 1e6;

/** Key packages below which more are made. */
export const LOW = 6;

/** Why this device has no desk. */
export class Closed extends Error {
  constructor(readonly why: 'nostore' | 'noroot') {
    super(why);
  }
}

/** A file that was to be sent is not on this device any more. */
export class Lost extends Error {}

/** The other has never opened messages. */
export class NoDevice extends Error {}

export class Shelf {
  protected readonly calls: CallKeys;

  protected constructor(protected readonly book: Book, protected readonly root: Bytes, readonly face: string, protected readonly handle: string) {
    this.calls = new CallKeys(book);
  }

  /** What opens the records of a face on this device. Fails with Closed. */
  protected static async opened(face: string): Promise<{ book: Book; root: Bytes }> {
    const { device } = await hall.device();
    const root = await keptRoot(device);
    if (!root) throw new Closed('noroot');
    const book = await Book.open(root, face).catch(() => {
      throw new Closed('nostore');
    });
    return { book, root };
  }

  static async look(face: string, handle: string): Promise<Shelf> {
    const { book, root } = await Shelf.opened(face);
    await new CallKeys(book).sweep();
    return new Shelf(book, root, face, handle);
  }

  /** Whether there is something for the program that seals to do: keys to make, things to open or to send, devices that came or went. */
  async needsDesk(first: boolean): Promise<boolean> {
    const me = await this.book.get<Me>('me');
    const fading = Object.values((await this.book.get<Record<string, number>>('fading')) ?? {});
    if (!me?.enrolled || fading.some((until) => until <= Date.now()) || (await this.queued()).length > 0 || (await this.talks()).some((t) => t.lost || t.pending)) return true;
    if (first) {
      const p = await hall.person(this.handle);
      const known = await this.book.get<string[]>('leaves');
      if (JSON.stringify(known) !== JSON.stringify(p.leaves) || (p.left?.[me.leaf] ?? 0) < LOW) return true;
    }
    const waits = await hall.box(me.leaf).catch((e: unknown) => (e instanceof hall.Refusal ? null : Promise.reject(e)));
    return waits === null || waits.length > 0; // refused: the hall does not know this device any more
  }

  async talks(): Promise<Talk[]> {
    return (await this.book.all<Talk>('talk/')).map(([, t]) => t);
  }

  talk(id: string): Promise<Talk | undefined> {
    return this.book.get<Talk>(`talk/${id}`);
  }

  /** The records of a conversation's lines, after those of one that was closed into it. */
  protected async kept(id: string): Promise<[string, Line][]> {
    const closed = (await this.talks()).filter((t) => t.into === id);
    return (await Promise.all([...closed.map((t) => t.id), id].map((of) => this.book.all<Line>(`line/${of}/`)))).flat();
  }

  async lines(id: string): Promise<Line[]> {
    return (await this.kept(id)).map(([name, l]) => (name.startsWith(`line/${id}/`) ? l : { ...l, n: l.n - BEFORE }));
  }

  async queued(): Promise<Queued[]> {
    return (await this.book.all<Queued>('queue/')).map(([, q]) => q).sort((a, b) => a.deed.at - b.deed.at);
  }

  async readMarks(): Promise<boolean> {
    return (await this.book.get<boolean>('reads')) ?? false;
  }

  allowReadMarks(yes: boolean): Promise<void> {
    return this.book.put({ reads: yes });
  }

  async draft(of: string): Promise<string> {
    return (await this.book.get<string>(`draft/${of}`)) ?? '';
  }

  keepDraft(of: string, text: string): Promise<void> {
    return this.book.put({ [`draft/${of}`]: text || undefined });
  }

  /** Keeps a deed, to be sent when the hall can be reached. */
  async say(to: { group: string; handle: string }, deed: Deed): Promise<void> {
    const q: Queued = { id: deed.id, ...to, deed };
    await this.book.put({ [`queue/${deed.id}`]: q });
  }

  /** Takes back what waits to be sent. */
  async forget(id: string): Promise<void> {
    const q = await this.book.get<Queued>(`queue/${id}`);
    await this.book.put({ [`queue/${id}`]: undefined, ...(q && this.without(q)) });
  }

  /** What takes away a deed that waits, with its file. */
  protected without(q: Queued): Record<string, undefined> {
    const file = q.deed.t === 'text' && q.deed.file ? { [`file/${q.deed.file.id}`]: undefined } : {};
    return { [`queue/${q.id}`]: undefined, ...file };
  }
}
