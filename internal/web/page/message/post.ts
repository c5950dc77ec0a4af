// What goes out of this device and comes in: its keys, the devices of its conversations
// and what waits to be sent. Everything is kept before it is acknowledged or sent, and
// one page at a time works here.
import { type Bytes, decode, encode, same } from '../account/bytes.ts';
import type { Book } from './book.ts';
import { Carrier, carries } from './carry.ts';
import { type Deed, type Line, lineOf, readDeed, writeDeed } from './content.ts';
import * as hall from './hall.ts';
import { Offline, Refusal } from './hall.ts';
import { type Identity, prove, proven } from './identity.ts';
import { Conversation, deviceKeys, type Own, type Package, packages, type Trust, type Who } from './mls.ts';
import { proves, withProof } from './said.ts';
import { type KeptPackage, LOW, type Me, NoDevice, type Queued, type Room, type Talk } from './shelf.ts';

const STOCK = 12;
const TRIES = 4;
const RENEW = 60_000; // ms between two looks at one's own devices

const un = (text: string): Bytes => decode(text) ?? new Uint8Array();
const packed = (p: Package): KeptPackage => ({ body: encode(p.body), init: encode(p.init), hpke: encode(p.hpke) });
const unpacked = (p: KeptPackage): Package => ({ body: un(p.body), init: un(p.init), hpke: un(p.hpke) });
const place = (n: number): string => String(n).padStart(12, '0');

/** A device that is brought in, and whose it is by the hall. */
export interface Added {
  leaf: string;
  face: string;
  body: Bytes;
}

/** What a change says to those who read it. */
function told(n: number, from: string, was: Who[], now: Who[], room?: Room): Line {
  const base = { n, id: '', at: Date.now(), from };
  const beyond = (a: Who[], b: Who[]): string[] => [...new Set(a.map((w) => w.face))].filter((f) => !b.some((w) => w.face === f));
  const names = (faces: string[]): string => faces.map((f) => room?.people[f]?.name ?? '?').join(', ');
  const [came, went] = [beyond(now, was), beyond(was, now)];
  if (room && came.length > 0) return { ...base, t: 'came', who: names(came) };
  if (room && went.length > 0) return { ...base, t: 'went', who: names(went) };
  return { ...base, t: 'devices' };
}

const LONGEST_CALL = 12 * 3_600_000; // ms

/** The key of a call, and who has sent it. */
export interface CallKey {
  key: string;
  from: string;
  until: number;
}

export abstract class Post extends Carrier {
  protected me!: Me;
  private pins: Record<string, string> = {};
  private renewed = 0;
  /** The conversation that is looked at. */
  showing = '';

  protected constructor(book: Book, root: Bytes, face: string, handle: string, private readonly identity: Identity) {
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

  /** Makes one of two that were begun at once; gives whether it did. */
  protected abstract unite(changed: Set<string>): Promise<void>;

  /** Fetches what waits, then sends what waits; gives the conversations that changed. */
  async work(): Promise<Set<string>> {
    const changed = await this.alone(async () => {
      const changed = new Set<string>();
      await this.settle();
      await this.fetch(changed);
      await this.renew();
      await this.unite(changed);
      await this.fade(changed);
      await this.send(changed);
      return changed;
    });
    void this.carryOn();
    return changed;
  }

  /**
   * Says to who wrote that it is on a device, if the owner of this one lets others know; kept with the text itself,
   * so that no page that is closed in between forgets it.
   */
  private async receipt(t: Talk, said: Deed | null, from: string): Promise<Record<string, unknown>> {
    if (said?.t !== 'text' || t.room || from === this.face) return {};
    if ((said.reads && this.showing === t.id) || !(await this.readMarks())) return {}; // who looks at it says that it is seen
    const stale = (await this.queued()).filter((q) => q.deed.t === 'got' && q.group === t.id).map((q) => [`queue/${q.id}`, undefined]);
    const id = hall.draws();
    const q: Queued = { id, group: t.id, handle: '', deed: { id, at: Date.now(), t: 'got', of: said.id } };
    return { ...Object.fromEntries(stale), [`queue/${id}`]: q };
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
      const line = told(n, this.face, this.inside(t.state), this.inside(p.state), t.room);
      // Its place is not one that was read: what came before it is still to be.
      const shown = t.epoch > 0 ? { [`line/${t.id}/${place(n)}`]: line } : {};
      await this.book.put({ ...shown, [`talk/${t.id}`]: { ...rest, state: p.state, epoch: p.epoch }, pins: this.pins });
      return true;
    } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      await this.book.put({ [`talk/${t.id}`]: t.epoch === 0 ? undefined : rest }); // another was faster, or it may not be
      if (e.key === 'message.behind' || e.key === 'message.leaf_gone') return false;
      throw e;
    }
  }

  protected inside(state: string): Who[] {
    return Conversation.open(un(state), this.trust).members;
  }

  protected async fetch(changed: Set<string>): Promise<void> {
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
      if (i.epoch > t.epoch && !t.into) await this.keepLine(t, { ...t, lost: true }, { n: i.n, id: '', at: Date.now(), from: '', t: 'gap' });
      return;
    }
    const pins = { ...this.pins };
    try {
      const was = Conversation.open(un(t.state), this.trust);
      const r = await was.read(i.body, (w) => !!t.room || w.face === this.face || w.face === t.with.face);
      const next: Talk = { ...t, state: encode(r.talk.keep()), epoch: r.talk.epoch, n: i.n, out: r.talk.out };
      const deed = r.text && readDeed(r.text);
      const said = deed && (await proves(deed, r.from.identity)) ? deed : null; // what nobody could report is not shown
      if (t.room && i.kind === 'commit' && !r.talk.out) next.room = await this.knows(t.room, t.id, was.members, r.talk.members, pins);
      if (next.room && said?.t === 'name') next.room = { ...next.room, name: said.name };
      const from = t.room?.unsure.includes(r.from.leaf) ? '' : r.from.face;
      const change = told(i.n, from, was.members, r.talk.out ? was.members : r.talk.members, next.room);
      if (said?.t === 'call' && !t.room) await this.keepCall(said, from);
      if (said?.t === 'gone') await this.dropFile(await this.lines(t.id), said.of, from);
      await this.keepLine(t, next, said ? lineOf(said, i.n, from) : i.kind === 'commit' ? change : { n: i.n, id: '', at: Date.now(), from, t: 'unread' }, await this.receipt(t, said, from));
    } catch (e) {
      this.pins = pins;
      if (e instanceof Offline) throw e; // it waits
      await this.keepLine(t, { ...t, n: i.n }, { n: i.n, id: '', at: Date.now(), from: '', t: 'unread' });
    }
  }

  /**
   * Who is in a room after a change. A new device is whose it says when the hall says so
   * too: else one who is in could bring in another under a name that this device has never seen.
   */
  private async knows(room: Room, id: string, was: Who[], now: Who[], pins: Record<string, string>): Promise<Room> {
    const g = await hall.group(this.me.leaf, id).catch((e: unknown) => {
      if (e instanceof Refusal) return null;
      throw e;
    });
    const people = { ...room.people };
    for (const { face, name, handle } of g?.members ?? []) if (face) people[face] = { face, name, handle };
    const sure = (w: Who): boolean =>
      (was.some((x) => x.leaf === w.leaf) && !room.unsure.includes(w.leaf)) || !!g?.members.some((m) => m.leaf === w.leaf && m.face === w.face);
    const unsure = now.filter((w) => !sure(w));
    for (const w of unsure) if (!pins[w.face] && !now.some((x) => x.face === w.face && sure(x))) delete this.pins[w.face];
    return { ...room, people, keeper: g?.keeper ?? room.keeper, unsure: unsure.map((w) => w.leaf) };
  }

  /** The key of a call, for as long as it may ring or last. */
  private async keepCall(said: { call: string; key: string }, from: string): Promise<void> {
    const gone: Record<string, undefined> = {};
    for (const [name, c] of await this.book.all<CallKey>('call/')) if (c.until < Date.now()) gone[name] = undefined;
    await this.book.put({ ...gone, [`call/${said.call}`]: { key: said.key, from, until: Date.now() + LONGEST_CALL } });
  }

  private async keepLine(t: Talk, next: Talk, line: Line, more: Record<string, unknown> = {}): Promise<void> {
    await this.book.put({ ...more, [`talk/${t.id}`]: next, pins: this.pins, ...(await this.written(t.id, `line/${t.id}/${place(line.n)}`, line)) });
  }

  /** Comes into a conversation that somebody has brought this device into. */
  private async enter(i: hall.Item, before: Talk | undefined): Promise<void> {
    if (before && !before.lost && !before.out && !before.into) return; // a welcome to where it is already sets nothing back
    const pins = { ...this.pins };
    try {
      const mine = [...this.me.packages, this.me.last];
      const r = await Conversation.join(i.body, mine.map(unpacked), this.own(), this.trust);
      if (!r || r.talk.id !== i.group) return;
      const others = [...new Set(r.talk.members.map((m) => m.face))].filter((f) => f !== this.face);
      const other = others[0];
      const g = await hall.group(this.me.leaf, i.group);
      // The devices must be whose the hall says too, and two do not become more.
      const alike = r.talk.members.every((w) => g.members.some((m) => m.leaf === w.leaf && (m.face === w.face || !m.face)));
      if (!alike || (before && !before.room === g.room) || (!g.room && (!other || others.length > 1))) throw new Error('others');
      const m = g.members.find((x) => x.face === other);
      const two = { face: other ?? '', name: m?.name ?? before?.with.name ?? '', handle: m?.handle ?? before?.with.handle ?? '' };
      const people = Object.fromEntries(g.members.filter((x) => x.face).map(({ face, name, handle }) => [face, { face, name, handle }]));
      const room: Room = { name: before?.room?.name ?? '', people: { ...before?.room?.people, ...people }, keeper: g.keeper, unsure: [] };
      this.me.packages = this.me.packages.filter((p) => !same(un(p.body), r.used.body));
      const t: Talk = { id: i.group, state: encode(r.talk.keep()), epoch: r.talk.epoch, n: i.n, with: two, seen: before?.seen ?? 0, lost: false, out: false };
      if (g.room) Object.assign(t, { room, with: { face: '', name: '', handle: '' } });
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
      if (t.out || t.lost || t.into) continue;
      const members = this.inside(t.state).map((m) => m.leaf);
      if (mine.leaves.some((l) => !members.includes(l))) await this.gather(t.id);
    }
  }

  /** Whether the keys of a conversation are those of the present leaf. */
  private joined(t: Talk): boolean {
    return this.inside(t.state).some((m) => m.leaf === this.me.leaf);
  }

  /** Looks which devices the people of a conversation have now, and brings them in or takes them out. */
  protected gather(id: string): Promise<void> {
    return this.changing(id, async (t, talk, g) => {
      const inside = talk.members.map((m) => m.leaf);
      const dead = talk.members.filter((w) => g.members.some((m) => m.leaf === w.leaf && !m.face));
      const add: Added[] = [];
      if (!t.room) {
        for (const h of [this.handle, t.with.handle]) add.push(...(await this.lacking(h, inside)));
        return { t, add, remove: dead.map((w) => w.leaf) };
      }
      const handles = new Set(g.lacking.map((m) => m.handle));
      // Who has lost her last device is still one of them; who has left is not.
      for (const w of dead) if (!g.members.some((m) => m.face === w.face || (m.leaf === w.leaf && m.left))) handles.add(t.room.people[w.face]?.handle ?? '');
      for (const h of handles) if (h) add.push(...(await this.lacking(h, inside)));
      const people = Object.fromEntries(g.members.filter((m) => m.face).map(({ face, name, handle }) => [face, { face, name, handle }]));
      const room: Room = { ...t.room, people: { ...t.room.people, ...people }, keeper: g.keeper };
      if (JSON.stringify(room) !== JSON.stringify(t.room)) await this.book.put({ [`talk/${id}`]: { ...t, room } });
      return { t: { ...t, room }, add, remove: dead.map((w) => w.leaf) };
    });
  }

  /** Changes who is in a conversation, at its newest; another that was faster is read first. */
  protected async changing(id: string, what: (t: Talk, talk: Conversation, g: hall.Standing) => Promise<{ t: Talk; add: Added[]; remove: string[] }>): Promise<void> {
    for (let i = 0; i < TRIES; i++) {
      const t = await this.talk(id);
      if (!t || t.out || t.lost || t.pending || t.into) return;
      const g = await hall.group(this.me.leaf, id).catch((e: unknown) => this.outside(t, e));
      if (!g) return;
      if (g.epoch !== t.epoch) {
        await this.fetch(new Set());
        continue;
      }
      const talk = Conversation.open(un(t.state), this.trust);
      const w = await what(t, talk, g);
      if (w.remove.length + w.add.length === 0 || (await this.alter(w.t, talk, w.add, w.remove))) return;
      await this.fetch(new Set());
    }
  }

  /** The hall does not have this device in a conversation any more: its owner has left, on another one. */
  private async outside(t: Talk, e: unknown): Promise<null> {
    if (!(e instanceof Refusal) || e.key !== 'message.no_group') throw e;
    await this.fetch(new Set()); // perhaps it was taken out, and reads so
    const now = await this.talk(t.id);
    if (now && !now.out) await this.book.put({ [`talk/${t.id}`]: { ...now, out: true, closed: true } });
    return null;
  }

  /** Key packages of somebody's devices that are not in yet. */
  protected async lacking(handle: string, inside: string[]): Promise<Added[]> {
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

  protected async alter(t: Talk, talk: Conversation, add: Added[], remove: string[]): Promise<boolean> {
    const r = await talk.change(add.map((a) => a.body), remove);
    const inside = talk.members.map((m) => m.leaf);
    for (const m of r.talk.members) { // a package that names another than the hall gave it for is none
      const a = add.find((x) => x.leaf === m.leaf);
      if (!inside.includes(m.leaf) && a?.face !== m.face) throw new Error('another face');
    }
    const sent: hall.Sent = { epoch: talk.epoch, once: hall.draws(), body: encode(r.commit), add: add.map((a) => a.leaf), remove };
    if (r.welcome) sent.welcome = encode(r.welcome);
    if (t.room && t.epoch === 0) sent.room = true;
    const next: Talk = { ...t, pending: { sent, state: encode(r.talk.keep()), epoch: r.talk.epoch } };
    await this.book.put({ [`talk/${t.id}`]: next, pins: this.pins, ...(add.length > 0 ? this.naming(t) : {}) });
    return this.finish(next);
  }

  /** Who comes into a room cannot read what it was called before: it is said again. */
  private naming(t: Talk): Record<string, Queued> {
    if (!t.room?.name) return {};
    const id = hall.draws();
    return { [`queue/${id}`]: { id, group: t.id, handle: '', deed: { id, at: Date.now(), t: 'name', name: t.room.name } } };
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

  protected async send(changed: Set<string>): Promise<void> {
    const looked = new Set<string>();
    let refused: Refusal | undefined;
    for (const q of await this.queued()) {
      let t = q.group ? await this.talk(q.group) : await this.begin(q.handle);
      if (t?.room && !looked.has(t.id)) {
        looked.add(t.id);
        await this.gather(t.id); // whoever has left does not have the keys of what is written now
        t = await this.talk(t.id);
      }
      if (!t) await this.forget(q.id);
      if (!t || t.out || t.lost) continue;
      if (carries(q)) { // its file goes first, and whatever else waits goes meanwhile
        if (q.group !== t.id) await this.book.put({ [`queue/${q.id}`]: { ...q, group: t.id } });
        continue;
      }
      try {
        await this.sendOne(q, t.id);
      } catch (e) {
        if (!(e instanceof Refusal)) throw e;
        refused ??= e; // the others go nevertheless
      }
      changed.add(t.id);
    }
    if (refused) throw refused;
  }

  private async sendOne(q: Queued, id: string): Promise<void> {
    if (q.deed.t === 'gone') await this.dropFile(await this.lines(id), q.deed.of, this.face);
    for (let i = 0; i < TRIES; i++) {
      const t = await this.talk(id);
      if (!t || t.out || t.lost) return;
      if (!q.sealed) {
        const w = await Conversation.open(un(t.state), this.trust).write(writeDeed(await withProof(q.deed, this.identity)));
        q.sealed = { epoch: t.epoch, once: q.id, body: encode(w.sealed), ...(q.deed.t === 'got' || q.deed.t === 'read' ? { quiet: true } : {}) };
        // The next key is kept with what this one sealed: none seals twice.
        await this.book.put({ [`talk/${id}`]: { ...t, state: encode(w.talk.keep()) }, [`queue/${q.id}`]: { ...q, group: id } });
      }
      try {
        const { n } = await hall.text(this.me.leaf, id, q.sealed);
        const lines = await this.written(id, `line/${id}/${place(n)}`, lineOf(q.deed, n, this.face));
        const now = await this.talk(id);
        const named = q.deed.t === 'name' && now?.room ? { [`talk/${id}`]: { ...now, room: { ...now.room, name: q.deed.name } } } : {};
        await this.book.put({ ...lines, ...(await this.withdrawn(q)), [`queue/${q.id}`]: undefined, ...named });
        return;
      } catch (e) {
        if (e instanceof Refusal && e.key === 'message.alone') return this.alike(q, t);
        if (!(e instanceof Refusal) || e.key !== 'message.behind') throw e;
        delete q.sealed; // sealed before a change: what came is read, then it is sealed anew under the same name
        await this.fetch(new Set());
      }
    }
  }

  /** What waits of a text that is deleted, because the hall did not take it, waits no more. */
  private async withdrawn(q: Queued): Promise<Record<string, undefined>> {
    if (q.deed.t !== 'gone') return {};
    const { of } = q.deed;
    const stale = (await this.queued()).filter(({ deed: d }) => d.id === of || (d.t === 'edit' && d.of === of));
    return Object.assign({}, ...stale.map((s) => this.without(s))) as Record<string, undefined>;
  }

  /** The other has closed this conversation for another that is on its way, or is to be begun: what was to be sent goes there. */
  private async alike(q: Queued, t: Talk): Promise<void> {
    const { sealed: _, ...rest } = q;
    await this.book.put({ [`talk/${t.id}`]: { ...t, out: true, closed: true }, [`queue/${q.id}`]: { ...rest, group: '', handle: t.with.handle, piece: 0 } });
  }
}
