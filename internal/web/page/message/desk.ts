// The desk at which somebody reads and writes: what she does with conversations and rooms
// on this device. What goes out and comes in is in post.ts.
import { type Bytes, decode, encode } from '../account/bytes.ts';
import * as hall from './hall.ts';
import { Offline } from './hall.ts';
import { identityOf } from './identity.ts';
import { Conversation } from './mls.ts';
import type { Added } from './change.ts';
import { Post } from './post.ts';
import { BEFORE, NoDevice, type Room, Shelf, type Talk } from './shelf.ts';

const un = (text: string): Bytes => decode(text) ?? new Uint8Array();

type Found = Awaited<ReturnType<typeof hall.gather>>;

const added = (list: Found): Added[] => list.flatMap((k) => k.packages.map((p) => ({ ...p, face: k.face })));
const named = (list: Found): Room['people'] =>
  Object.fromEntries(list.filter((k) => k.packages.length > 0).map(({ face, name, handle }) => [face, { face, name, handle }]));

export class Desk extends Post {
  /** Opens the desk of a face on this device, and sets it up the first time. */
  static async open(face: string, handle: string): Promise<Desk> {
    const { book, root } = await Shelf.opened(face);
    const desk = new Desk(book, root, face, handle, await identityOf(root));
    await desk.alone(() => desk.setUp());
    return desk;
  }

  seen(id: string, n: number): Promise<void> {
    return this.alone(async () => {
      const t = await this.talk(id);
      if (t && t.seen < n) await this.book.put({ [`talk/${id}`]: { ...t, seen: n } });
    });
  }

  /** Looks which devices the people of a conversation have now. */
  look(id: string): Promise<void> {
    return this.alone(() => this.gather(id));
  }

  /** Begins a room; gives its number, and who could not be brought in, since she has not opened messages. */
  makeRoom(name: string, faces: string[]): Promise<{ id: string; missing: string[] }> {
    return this.alone(async () => {
      const list = await hall.gather(faces);
      const add = added(list);
      if (add.length === 0) throw new NoDevice();
      const talk = await Conversation.begin(hall.draws(), this.own(), this.trust);
      const t: Talk = {
        id: talk.id, state: encode(talk.keep()), epoch: 0, n: 0, seen: 0, lost: false, out: false,
        with: { face: '', name: '', handle: '' }, room: { name, people: named(list), keeper: this.face, unsure: [] },
      };
      if (!(await this.alter(t, talk, [...add, ...(await this.lacking(this.handle, [this.me.leaf]))], []))) throw new Offline();
      await this.send(new Set());
      return { id: t.id, missing: list.filter((k) => k.packages.length === 0).map((k) => k.name) };
    });
  }

  /** Brings people into a room; gives who could not be. */
  bring(id: string, faces: string[]): Promise<string[]> {
    return this.alone(async () => {
      const list = await hall.gather(faces);
      await this.gather(id); // who has left stands in the keys still
      await this.changing(id, (t, talk) => {
        const room = t.room && { ...t.room, people: { ...t.room.people, ...named(list) } };
        const add = added(list).filter((a) => !talk.members.some((m) => m.leaf === a.leaf));
        return Promise.resolve({ t: room ? { ...t, room } : t, add: room ? add : [], remove: [] });
      });
      await this.send(new Set());
      return list.filter((k) => k.packages.length === 0).map((k) => k.name);
    });
  }

  /** Takes somebody out of a room. */
  takeOut(id: string, face: string): Promise<void> {
    return this.alone(() => this.changing(id, (t, talk) => {
      const remove = talk.members.filter((m) => m.face === face).map((m) => m.leaf);
      return Promise.resolve({ t, add: [], remove: t.room ? remove : [] });
    }));
  }

  /** Goes out of a room with all devices, or declines to come in again. What was read stays here; the keys do not. */
  goOut(id: string): Promise<void> {
    return this.alone(async () => {
      const t = await this.talk(id);
      if (!t?.room || t.out) return;
      await hall.leave(this.me.leaf, id);
      const waiting = (await this.queued()).filter((q) => q.group === id).map((q) => [`queue/${q.id}`, undefined]);
      await this.book.put({ ...Object.fromEntries(waiting), [`talk/${id}`]: { ...t, state: '', out: true, closed: true } });
    });
  }

  /** Comes into a room again that she had left, with all devices. */
  comeIn(id: string): Promise<void> {
    return this.alone(async () => {
      await hall.enter(this.me.leaf, id);
      const t = await this.talk(id);
      const { asked: _, ...rest } = t ?? { asked: false };
      if (t) await this.book.put({ [`talk/${id}`]: rest });
    });
  }

  /** Who is in a room now, by the keys. */
  async people(id: string): Promise<hall.Known[]> {
    const t = await this.talk(id);
    if (!t?.room || t.out || t.lost) return [];
    const { people, unsure } = t.room;
    const faces = new Set(this.inside(t.state).filter((w) => !unsure.includes(w.leaf)).map((w) => w.face));
    return [...faces].map((face) => people[face] ?? { face, name: '', handle: '' });
  }

  /** Of two conversations that both began at once with each other, the first by number goes on, on both sides; the other is closed quietly. */
  protected async unite(changed: Set<string>): Promise<void> {
    const first = new Map<string, Talk>();
    for (const t of await this.talks()) {
      if (t.room || t.lost || t.out || t.pending || t.epoch === 0) continue;
      const into = first.get(t.with.face);
      if (!t.into && !into) first.set(t.with.face, t);
      else if (!t.into && into) {
        const queue = (await this.queued()).filter((q) => q.group === t.id).map(({ sealed: _, ...q }) => [`queue/${q.id}`, { ...q, group: into.id }]);
        const fresh = (await this.lines(t.id)).some((l) => l.n > t.seen && l.from !== this.face);
        const kept = fresh ? { [`talk/${into.id}`]: { ...into, seen: -2 * BEFORE } } : {};
        await this.book.put({ ...kept, ...Object.fromEntries(queue), [`talk/${t.id}`]: { ...t, into: into.id } });
        changed.add(into.id);
      }
    }
    for (const t of await this.talks()) {
      if (!t.into || t.closed) continue;
      await hall.leave(this.me.leaf, t.id).catch((e: unknown) => {
        if (!(e instanceof hall.Refusal)) throw e; // it is closed already
      });
      await this.book.put({ [`talk/${t.id}`]: { ...t, closed: true } });
    }
  }

  /** What all of a conversation see alike; null before the first message. */
  async safety(id: string): Promise<Bytes | null> {
    const t = await this.talk(id);
    return t && !t.out && !t.lost ? Conversation.open(un(t.state), this.trust).safety() : null;
  }

  /** What keys are made of that this program has no other use for. */
  get secret(): Bytes {
    return this.root;
  }

  /** Takes all that was said of lifting masks off this device. */
  async forgetLifts(id: string): Promise<void> {
    const gone = (await this.kept(id)).filter(([, l]) => 'lift' in l).map(([name]) => [name, undefined]);
    await this.alone(() => this.book.put(Object.fromEntries(gone)));
  }

  /** The key of a call, once the message that carries it has come from whom it should. */
  async callKey(call: string, from: string): Promise<Bytes | null> {
    const key = await this.calls.of(call, from);
    return key ? un(key) : null;
  }

  forgetCall(call: string): Promise<void> {
    return this.calls.forget(call);
  }

  /** Takes all her other devices out of all conversations, since one is lost. Those she still has come in anew. */
  loseOthers(): Promise<void> {
    return this.alone(async () => {
      const { leaves } = await hall.person(this.handle);
      const unless = (e: unknown): void => {
        if (!(e instanceof hall.Refusal)) throw e; // it is gone already; or one conversation refuses, and the others go on
      };
      for (const leaf of leaves) if (leaf !== this.me.leaf) await hall.dismiss(leaf).catch(unless);
      for (const t of await this.talks()) await this.gather(t.id).catch(unless);
    });
  }

  /** This device reads no messages any more; what it has read is left on it. */
  leave(): Promise<void> {
    return this.alone(async () => {
      await hall.dismiss(this.me.leaf);
    });
  }
}
