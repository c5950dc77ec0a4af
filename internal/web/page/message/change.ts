// Who is in a conversation: it begins, devices are brought in and taken out, and what the hall
// may have of a change is settled before anything else.
import { type Bytes, encode } from '../account/bytes.ts';
import { packed, place, STOCK, told, un } from './device.ts';
import * as hall from './hall.ts';
import { Offline, Refusal } from './hall.ts';
import { Conversation, packages } from './mls.ts';
import { LOW, NoDevice, type Queued, type Room, type Talk } from './shelf.ts';
import { Taker } from './take.ts';

export const TRIES = 4;
const RENEW = 60_000; // ms between two looks at one's own devices

/** A device that is brought in, and whose it is by the hall. */
export interface Added {
  leaf: string;
  face: string;
  body: Bytes;
}
export abstract class Changer extends Taker {
  private renewed = 0;

  /** A change of which it is not known whether the hall has it is sent again, as it was. */
  protected async settle(): Promise<void> {
    for (const t of await this.talks()) if (t.pending) await this.finish(t);
  }

  protected async finish(t: Talk): Promise<boolean> {
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

  /** New key packages where the hall has few left, and devices of hers that are in none of the conversations. */
  protected async renew(): Promise<void> {
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
      if (t.asked) {
        await this.stillAsked(t);
        continue;
      }
      const members = this.inside(t.state).map((m) => m.leaf);
      if (mine.leaves.some((l) => !members.includes(l))) await this.gather(t.id);
    }
  }

  /** Whether its owner has come in or declined meanwhile, on another device. */
  private async stillAsked(t: Talk): Promise<void> {
    const g = await hall.group(this.me.leaf, t.id).catch((e: unknown) => this.outside(t, e));
    const { asked: _, ...rest } = t;
    if (g && !g.asked) await this.book.put({ [`talk/${t.id}`]: rest });
  }

  /** Whether the keys of a conversation are those of the present leaf. */
  protected joined(t: Talk): boolean {
    return this.inside(t.state).some((m) => m.leaf === this.me.leaf);
  }

  /** Whether a device that is no more stands in the keys still. */
  protected async hasLost(t: Talk): Promise<boolean> {
    if (t.epoch === 0 || t.out || t.lost) return false;
    const g = await hall.group(this.me.leaf, t.id).catch((e: unknown) => this.outside(t, e));
    return !!g?.members.some((m) => !m.face);
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
      if (!t || t.out || t.lost || t.pending || t.into || t.asked) return;
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
  protected async outside(t: Talk, e: unknown): Promise<null> {
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

  protected async drawn(p: hall.Person, leaves: string[]): Promise<Added[]> {
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
  protected naming(t: Talk): Record<string, Queued> {
    if (!t.room?.name) return {};
    const id = hall.draws();
    return { [`queue/${id}`]: { id, group: t.id, handle: '', deed: { id, at: Date.now(), t: 'name', name: t.room.name } } };
  }

  /** Begins a conversation with somebody who has opened messages before. */
  protected async begin(handle: string): Promise<Talk> {
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
}
