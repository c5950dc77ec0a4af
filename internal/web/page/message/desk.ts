// The desk at which this device reads and writes messages: its keys, its conversations
// and what waits to be sent. Everything is kept before it is acknowledged or sent, and
// one page at a time works here.
import { type Bytes, decode, encode, same } from '../account/bytes.ts';
import type { Book } from './book.ts';
import { type Line, readDeed, writeDeed } from './content.ts';
import * as hall from './hall.ts';
import { Offline, Refusal } from './hall.ts';
import { type Identity, identityOf, prove, proven } from './identity.ts';
import { Conversation, deviceKeys, type Own, type Package, packages, type Trust, type Who } from './mls.ts';
import { type KeptPackage, LOW, type Me, NoDevice, type Queued, Shelf, type Talk } from './shelf.ts';

const STOCK = 12;
const TRIES = 4;
const RENEW = 60_000; // ms between two looks at one's own devices

const un = (text: string): Bytes => decode(text) ?? new Uint8Array();
const packed = (p: Package): KeptPackage => ({ body: encode(p.body), init: encode(p.init), hpke: encode(p.hpke) });
const unpacked = (p: KeptPackage): Package => ({ body: un(p.body), init: un(p.init), hpke: un(p.hpke) });
const place = (n: number): string => String(n).padStart(12, '0');

/** A device that is brought in, and whose it is by the hall. */
interface Added {
  leaf: string;
  face: string;
  body: Bytes;
}

export class Desk extends Shelf {
  private me!: Me;
  private pins: Record<string, string> = {};
  private renewed = 0;

  private constructor(book: Book, root: Bytes, face: string, handle: string, private readonly identity: Identity) {
    super(book, root, face, handle);
  }

  /** Opens the desk of a face on this device, and sets it up the first time. */
  static async open(face: string, handle: string): Promise<Desk> {
    const { book, root } = await Shelf.opened(face);
    const desk = new Desk(book, root, face, handle, await identityOf(root));
    await desk.alone(() => desk.setUp());
    return desk;
  }

  /** One page of this browser at a time; what another has changed meanwhile is read first. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    return navigator.locks.request(`guildhall-messages/${this.face}`, async () => {
      const me = await this.book.get<Me>('me');
      if (me) this.me = me;
      this.pins = (await this.book.get<Record<string, string>>('pins')) ?? { [this.face]: encode(this.identity.public) };
      return work();
    }) as Promise<T>;
  }

  private own(): Own {
    const publicKey = un(this.me.publicKey);
    return { who: prove(this.identity, this.face, this.me.leaf, publicKey), signKey: un(this.me.signKey), publicKey };
  }

  private async setUp(): Promise<void> {
    if (!this.me) await this.makeLeaf();
    if (!this.me.enrolled) {
      await hall.enrol(this.me.leaf, this.identity.public, un(this.me.last.body), this.me.packages.map((p) => un(p.body)));
      this.me.enrolled = true;
      await this.book.put({ me: this.me });
    }
  }

  private async makeLeaf(): Promise<void> {
    const keys = await deviceKeys();
    const leaf = hall.draws();
    this.me = { leaf, signKey: encode(keys.signKey), publicKey: encode(keys.publicKey), packages: [], last: { body: '', init: '', hpke: '' }, enrolled: false };
    const made = (await packages(this.own(), STOCK + 1)).map(packed);
    const last = made.pop();
    if (last) this.me = { ...this.me, packages: made, last };
    await this.book.put({ me: this.me, pins: this.pins });
  }

  /** A device is believed when its owner's key has signed it, and that key is the one known since the first message. */
  private readonly trust: Trust = async (who: Who, key: Uint8Array) => {
    const pin = this.pins[who.face];
    if (!proven(who, key) || (pin && pin !== encode(who.identity))) return false;
    this.pins[who.face] ??= encode(who.identity);
    return true;
  };

  get leaf(): string {
    return this.me.leaf;
  }

  seen(id: string, n: number): Promise<void> {
    return this.alone(async () => {
      const t = await this.talk(id);
      if (t && t.seen < n) await this.book.put({ [`talk/${id}`]: { ...t, seen: n } });
    });
  }

  /** The conversation with somebody; of two that were begun at once the first by number, on both sides. */
  async talkWith(handle: string): Promise<Talk | undefined> {
    return (await this.talks()).find((t) => t.with.handle === handle && !t.out);
  }

  /** Fetches what waits, then sends what waits; gives the conversations that changed. */
  work(): Promise<Set<string>> {
    return this.alone(async () => {
      const changed = new Set<string>();
      await this.settle();
      await this.fetch(changed);
      await this.renew();
      await this.send(changed);
      return changed;
    });
  }

  /** A change of which it is not known whether the hall has it is sent again, as it was. */
  private async settle(): Promise<void> {
    for (const t of await this.talks()) if (t.pending) await this.finish(t);
  }

  private async finish(t: Talk): Promise<boolean> {
    const p = t.pending;
    if (!p) return true;
    const { pending: _, ...rest } = t;
    try {
      const { n } = await hall.change(this.me.leaf, t.id, p.sent);
      const line: Line = { n, id: '', at: Date.now(), from: this.face, t: 'devices' };
      // Its place is not one that was read: what came before it is still to be.
      const told = t.epoch > 0 ? { [`line/${t.id}/${place(n)}`]: line } : {};
      await this.book.put({ ...told, [`talk/${t.id}`]: { ...rest, state: p.state, epoch: p.epoch }, pins: this.pins });
      return true;
    } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      await this.book.put({ [`talk/${t.id}`]: t.epoch === 0 ? undefined : rest }); // another was faster, or it may not be
      if (e.key === 'message.behind' || e.key === 'message.leaf_gone') return false;
      throw e;
    }
  }

  private async fetch(changed: Set<string>): Promise<void> {
    for (;;) {
      const items = await hall.box(this.me.leaf).catch((e: unknown) => this.gone(e));
      for (const i of items) {
        await this.take(i);
        changed.add(i.group);
      }
      if (items.length === 0) return;
      await hall.receive(this.me.leaf, items.map((i) => i.id));
    }
  }

  /** The hall does not know this device any more: it comes in anew. */
  private async gone(e: unknown): Promise<never[]> {
    if (!(e instanceof Refusal) || e.key !== 'message.no_leaf') throw e;
    await this.anew();
    return [];
  }

  /** A new leaf instead of one that has missed too much. What was read stays. */
  private async anew(): Promise<void> {
    for (const t of await this.talks()) await this.book.put({ [`talk/${t.id}`]: { ...t, lost: true } });
    await this.makeLeaf();
    await this.setUp();
  }

  private async take(i: hall.Item): Promise<void> {
    const t = await this.talk(i.group);
    if (i.kind === 'welcome') return this.enter(i, t);
    if (!t || t.lost || t.out || i.n <= t.n) return; // not for this device, or taken already
    if (i.epoch > t.epoch || (i.kind === 'commit' && i.epoch < t.epoch)) {
      if (i.epoch > t.epoch) await this.keepLine(t, { ...t, lost: true }, { n: i.n, id: '', at: Date.now(), from: '', t: 'gap' });
      return;
    }
    try {
      const was = Conversation.open(un(t.state), this.trust);
      const r = await was.read(i.body, (w) => w.face === this.face || w.face === t.with.face);
      const next: Talk = { ...t, state: encode(r.talk.keep()), epoch: r.talk.epoch, n: i.n, out: r.talk.out };
      const said = r.text && readDeed(r.text);
      const line: Line = said ? { ...said, n: i.n, from: r.from.face } : { n: i.n, id: '', at: Date.now(), from: r.from.face, t: i.kind === 'commit' ? 'devices' : 'unread' };
      await this.keepLine(t, next, line);
    } catch {
      await this.keepLine(t, { ...t, n: i.n }, { n: i.n, id: '', at: Date.now(), from: '', t: 'unread' });
    }
  }

  private keepLine(t: Talk, next: Talk, line: Line): Promise<void> {
    return this.book.put({ [`talk/${t.id}`]: next, [`line/${t.id}/${place(line.n)}`]: line, pins: this.pins });
  }

  /** Comes into a conversation that somebody has brought this device into. */
  private async enter(i: hall.Item, before: Talk | undefined): Promise<void> {
    if (before && !before.lost && !before.out) return; // a welcome to where it is already sets nothing back
    const pins = { ...this.pins };
    try {
      const mine = [...this.me.packages, this.me.last];
      const r = await Conversation.join(i.body, mine.map(unpacked), this.own(), this.trust);
      if (!r || r.talk.id !== i.group) return;
      const others = [...new Set(r.talk.members.map((m) => m.face))].filter((f) => f !== this.face);
      const other = others[0];
      const g = await hall.group(this.me.leaf, i.group);
      // The devices must be whose the hall says too; of more than two people this program knows nothing.
      const alike = r.talk.members.every((w) => g.members.some((m) => m.leaf === w.leaf && (m.face === w.face || !m.face)));
      if (!other || others.length > 1 || !alike) throw new Error('others');
      const m = g.members.find((x) => x.face === other);
      const known = { face: other, name: m?.name ?? before?.with.name ?? '', handle: m?.handle ?? before?.with.handle ?? '' };
      this.me.packages = this.me.packages.filter((p) => !same(un(p.body), r.used.body));
      const t: Talk = { id: i.group, state: encode(r.talk.keep()), epoch: r.talk.epoch, n: i.n, with: known, seen: before?.seen ?? 0, lost: false, out: false };
      await this.book.put({ me: this.me });
      const late = r.talk.epoch > 1 || before;
      if (late) await this.keepLine(t, t, { n: i.n, id: '', at: Date.now(), from: '', t: 'joined' });
      else await this.book.put({ [`talk/${t.id}`]: t, pins: this.pins });
    } catch (e) {
      this.pins = pins;
      if (e instanceof Offline) throw e; // it waits
    }
  }

  /** New key packages where the hall has few left, and devices of hers that are in none of the conversations. */
  private async renew(): Promise<void> {
    const talks = await this.talks();
    if (Date.now() < this.renewed + RENEW && !talks.some((t) => t.lost)) return;
    this.renewed = Date.now();
    const mine = await hall.person(this.handle);
    const left = mine.left?.[this.me.leaf];
    if (left === undefined || talks.some((t) => t.lost)) {
      if (left !== undefined && talks.some((t) => t.lost && this.joined(t))) {
        await hall.dismiss(this.me.leaf);
        await this.anew();
      }
      return;
    }
    if (left < LOW) {
      const made = await packages(this.own(), STOCK - left);
      this.me.packages = [...this.me.packages, ...made.map(packed)];
      await this.book.put({ me: this.me });
      await hall.stock(this.me.leaf, made.map((p) => p.body));
    }
    await this.book.put({ leaves: mine.leaves });
    for (const t of talks) {
      if (t.out || t.lost) continue;
      const members = Conversation.open(un(t.state), this.trust).members.map((m) => m.leaf);
      if (mine.leaves.some((l) => !members.includes(l))) await this.gather(t.id);
    }
  }

  /** Whether the keys of a conversation are those of the present leaf. */
  private joined(t: Talk): boolean {
    return Conversation.open(un(t.state), this.trust).members.some((m) => m.leaf === this.me.leaf);
  }

  /** Looks which devices the two have now, and brings them in or takes them out. */
  look(id: string): Promise<void> {
    return this.alone(() => this.gather(id));
  }

  private async gather(id: string): Promise<void> {
    for (let i = 0; i < TRIES; i++) {
      const t = await this.talk(id);
      if (!t || t.out || t.lost || t.pending) return;
      const g = await hall.group(this.me.leaf, id);
      if (g.epoch !== t.epoch) {
        await this.fetch(new Set());
        continue;
      }
      const talk = Conversation.open(un(t.state), this.trust);
      const inside = talk.members.map((m) => m.leaf);
      const dead = g.members.filter((m) => !m.face && inside.includes(m.leaf)).map((m) => m.leaf);
      const add = [...(await this.lacking(this.handle, inside)), ...(await this.lacking(t.with.handle, inside))];
      if (dead.length + add.length === 0 || (await this.alter(t, talk, add, dead))) return;
      await this.fetch(new Set());
    }
  }

  /** Key packages of somebody's devices that are not in yet. */
  private async lacking(handle: string, inside: string[]): Promise<Added[]> {
    try {
      const p = await hall.person(handle);
      const leaves = p.leaves.filter((l) => !inside.includes(l) && l !== this.me.leaf);
      return leaves.length ? await this.drawn(p, leaves) : [];
    } catch (e) {
      if (e instanceof Refusal) return []; // gone, or not connected any more
      throw e;
    }
  }

  private async drawn(p: hall.Person, leaves: string[]): Promise<Added[]> {
    return (await hall.draw(p.handle, leaves)).map((x) => ({ ...x, face: p.face }));
  }

  private async alter(t: Talk, talk: Conversation, add: Added[], remove: string[]): Promise<boolean> {
    const r = await talk.change(add.map((a) => a.body), remove);
    const inside = talk.members.map((m) => m.leaf);
    for (const m of r.talk.members) { // a package that names another than the hall gave it for is none
      const a = add.find((x) => x.leaf === m.leaf);
      if (!inside.includes(m.leaf) && a?.face !== m.face) throw new Error('another face');
    }
    const sent: hall.Sent = { epoch: talk.epoch, once: hall.draws(), body: encode(r.commit), add: add.map((a) => a.leaf), remove };
    if (r.welcome) sent.welcome = encode(r.welcome);
    const next: Talk = { ...t, pending: { sent, state: encode(r.talk.keep()), epoch: r.talk.epoch } };
    await this.book.put({ [`talk/${t.id}`]: next, pins: this.pins });
    return this.finish(next);
  }

  /** Begins a conversation with somebody who has opened messages before. */
  private async begin(handle: string): Promise<Talk> {
    const known = await this.talkWith(handle);
    if (known) return known;
    const p = await hall.person(handle);
    if (p.leaves.length === 0) throw new NoDevice();
    const talk = await Conversation.begin(hall.draws(), this.own(), this.trust);
    const add = [...(await this.drawn(p, p.leaves)), ...(await this.lacking(this.handle, [this.me.leaf]))];
    const t: Talk = {
      id: talk.id, state: encode(talk.keep()), epoch: 0, n: 0, seen: 0, lost: false, out: false,
      with: { face: p.face, name: p.name, handle: p.handle },
    };
    if (!(await this.alter(t, talk, add, []))) throw new Offline(); // a device went away meanwhile: the next time
    return (await this.talk(t.id)) ?? t;
  }

  private async send(changed: Set<string>): Promise<void> {
    for (const q of await this.queued()) {
      const t = q.group ? await this.talk(q.group) : await this.begin(q.handle);
      if (!t || t.out || t.lost) continue;
      await this.sendOne(q, t.id);
      changed.add(t.id);
    }
  }

  private async sendOne(q: Queued, id: string): Promise<void> {
    for (let i = 0; i < TRIES; i++) {
      const t = await this.talk(id);
      if (!t || t.out || t.lost) return;
      if (!q.sealed) {
        const w = await Conversation.open(un(t.state), this.trust).write(writeDeed(q.deed));
        q.sealed = { epoch: t.epoch, once: q.id, body: encode(w.sealed) };
        // The next key is kept with what this one sealed: none seals twice.
        await this.book.put({ [`talk/${id}`]: { ...t, state: encode(w.talk.keep()) }, [`queue/${q.id}`]: { ...q, group: id } });
      }
      try {
        const { n } = await hall.text(this.me.leaf, id, q.sealed);
        const line: Line = { ...q.deed, n, from: this.face };
        await this.book.put({ [`line/${id}/${place(n)}`]: line, [`queue/${q.id}`]: undefined });
        return;
      } catch (e) {
        if (!(e instanceof Refusal) || e.key !== 'message.behind') throw e;
        delete q.sealed; // sealed before a change: what came is read, then it is sealed anew under the same name
        await this.fetch(new Set());
      }
    }
  }

  /** What both see alike; null before the first message. */
  async safety(id: string): Promise<Bytes | null> {
    const t = await this.talk(id);
    return t && !t.out && !t.lost ? Conversation.open(un(t.state), this.trust).safety() : null;
  }

  /** This device reads no messages any more; what it has read is left on it. */
  leave(): Promise<void> {
    return this.alone(async () => {
      await hall.dismiss(this.me.leaf);
    });
  }
}
