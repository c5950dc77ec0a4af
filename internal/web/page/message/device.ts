// This device, as the hall knows it: its keys, whose devices it believes, and that one page at
// a time works with them.
import { type Bytes, decode, encode } from '../account/bytes.ts';
import type { Book } from './book.ts';
import { Carrier } from './carry.ts';
import type { Line } from './content.ts';
import * as hall from './hall.ts';
import { type Identity, prove, proven } from './identity.ts';
import { Conversation, deviceKeys, type Own, type Package, packages, type Trust, type Who } from './mls.ts';
import type { KeptPackage, Me, Room, Talk } from './shelf.ts';

export const STOCK = 12; // key packages that the hall has at first

export const un = (text: string): Bytes => decode(text) ?? new Uint8Array();
export const packed = (p: Package): KeptPackage => ({ body: encode(p.body), init: encode(p.init), hpke: encode(p.hpke) });
export const unpacked = (p: KeptPackage): Package => ({ body: un(p.body), init: un(p.init), hpke: un(p.hpke) });
export const place = (n: number): string => String(n).padStart(12, '0');

/** What a change says to those who read it. */
export function told(n: number, from: string, was: Who[], now: Who[], room?: Room): Line {
  const base = { n, id: '', at: Date.now(), from };
  const beyond = (a: Who[], b: Who[]): string[] => [...new Set(a.map((w) => w.face))].filter((f) => !b.some((w) => w.face === f));
  const names = (faces: string[]): string => faces.map((f) => room?.people[f]?.name ?? '?').join(', ');
  const [came, went] = [beyond(now, was), beyond(was, now)];
  if (room && came.length > 0) return { ...base, t: 'came', who: names(came) };
  if (room && went.length > 0) return { ...base, t: 'went', who: names(went) };
  return { ...base, t: 'devices' };
}

export abstract class Device extends Carrier {
  protected me!: Me;
  protected pins: Record<string, string> = {};
  /** The conversation that is looked at. */
  showing = '';

  protected constructor(book: Book, root: Bytes, face: string, handle: string, protected readonly identity: Identity) {
    super(book, root, face, handle);
  }

  /** One page of this browser at a time; what another has changed meanwhile is read first. */
  protected alone<T>(work: () => Promise<T>): Promise<T> {
    return navigator.locks.request(`guildhall-messages/${this.face}`, async () => {
      const me = await this.book.get<Me>('me');
      if (me) this.me = me;
      this.pins = (await this.book.get<Record<string, string>>('pins')) ?? { [this.face]: encode(this.identity.public) };
      return work();
    }) as Promise<T>;
  }

  protected own(): Own {
    const publicKey = un(this.me.publicKey);
    return { who: prove(this.identity, this.face, this.me.leaf, publicKey), signKey: un(this.me.signKey), publicKey };
  }

  protected get leaf(): string {
    return this.me.leaf;
  }

  protected async setUp(): Promise<void> {
    if (!this.me) await this.makeLeaf();
    if (!this.me.enrolled) {
      await hall.enrol(this.me.leaf, this.identity.public, un(this.me.last.body), this.me.packages.map((p) => un(p.body)));
      this.me.enrolled = true;
      await this.book.put({ me: this.me });
    }
  }

  protected async makeLeaf(): Promise<void> {
    const keys = await deviceKeys();
    const leaf = hall.draws();
    this.me = { leaf, signKey: encode(keys.signKey), publicKey: encode(keys.publicKey), packages: [], last: { body: '', init: '', hpke: '' }, enrolled: false };
    const made = (await packages(this.own(), STOCK + 1)).map(packed);
    const last = made.pop();
    if (last) this.me = { ...this.me, packages: made, last };
    await this.book.put({ me: this.me, pins: this.pins });
  }

  /** A device is believed when its owner's key has signed it, and that key is the one known since the first message. */
  protected readonly trust: Trust = async (who: Who, key: Uint8Array) => {
    const pin = this.pins[who.face];
    if (!proven(who, key) || (pin && pin !== encode(who.identity))) return false;
    this.pins[who.face] ??= encode(who.identity);
    return true;
  };

  /** The conversation with somebody. */
  async talkWith(handle: string): Promise<Talk | undefined> {
    return (await this.talks()).find((t) => !t.room && t.with.handle === handle && !t.out && !t.into);
  }

  protected inside(state: string): Who[] {
    return Conversation.open(un(state), this.trust).members;
  }
  /** A new leaf instead of one that has missed too much. What was read stays. */
  protected async anew(): Promise<void> {
    for (const t of await this.talks()) await this.book.put({ [`talk/${t.id}`]: { ...t, lost: true } });
    await this.makeLeaf();
    await this.setUp();
  }
}
