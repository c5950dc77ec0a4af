// What comes in from the hall: texts, changes of who is in a conversation, and welcomes to others.
import { encode, same } from '../account/bytes.ts';
import { LASTS } from './callkey.ts';
import { type Deed, type Line, lineOf, readDeed } from './content.ts';
import { Device, place, told, un, unpacked } from './device.ts';
import * as hall from './hall.ts';
import { Offline, Refusal } from './hall.ts';
import { Conversation, type Who } from './mls.ts';
import { proves } from './said.ts';
import type { Queued, Room, Talk } from './shelf.ts';

export abstract class Taker extends Device {
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
      if (r.text) delete next.asked; // on another device she has come in
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

  /** The key of a call, for as long as it may be answered; a page that is closed before leaves that to the next. */
  private async keepCall(said: { call: string; key: string }, from: string): Promise<void> {
    await this.calls.keep(said.call, said.key, from);
    setTimeout(() => void this.calls.sweep().catch(() => undefined), LASTS + 1000);
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
      if (g.asked) t.asked = true;
      const late = r.talk.epoch > 1 || before;
      // The used package goes with what it opened: without it the welcome, which is read again when this page is put away now, says nothing.
      if (late) await this.keepLine(t, t, { n: i.n, id: '', at: Date.now(), from: '', t: 'joined' }, { me: this.me });
      else await this.book.put({ [`talk/${t.id}`]: t, pins: this.pins, me: this.me });
    } catch (e) {
      this.pins = pins;
      if (e instanceof Offline) throw e; // it waits
    }
  }
}
