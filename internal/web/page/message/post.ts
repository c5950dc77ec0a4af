// What goes out of this device: the texts that wait, in the conversations they are for.
// Everything is kept before it is acknowledged or sent.
import { encode } from '../account/bytes.ts';
import { carries } from './carry.ts';
import { Changer, TRIES } from './change.ts';
import { lineOf, writeDeed } from './content.ts';
import { place, un } from './device.ts';
import * as hall from './hall.ts';
import { Refusal } from './hall.ts';
import { Conversation } from './mls.ts';
import { withProof } from './said.ts';
import type { Queued, Talk } from './shelf.ts';

/** Deeds for which nobody is rung. */
const QUIET = new Set<string>(['got', 'read', 'lifted', 'unlift']);

export abstract class Post extends Changer {
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
  protected async send(changed: Set<string>): Promise<void> {
    const looked = new Set<string>();
    let refused: Refusal | undefined;
    for (const q of await this.queued()) {
      let t = q.group ? await this.talk(q.group) : await this.begin(q.handle);
      if (t && !looked.has(t.id)) {
        looked.add(t.id);
        if (t.room || (await this.hasLost(t))) await this.gather(t.id); // who has left, or was lost, does not have the keys of what is written now
        t = await this.talk(t.id);
      }
      if (!t) await this.forget(q.id);
      if (!t || t.out || t.lost || t.asked) continue;
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
        q.sealed = { epoch: t.epoch, once: q.id, body: encode(w.sealed), ...(QUIET.has(q.deed.t) ? { quiet: true } : {}) };
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
