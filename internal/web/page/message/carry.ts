// Files of conversations as this device has them: on their way to the hall, and fetched.
import type { Bytes } from '../account/bytes.ts';
import { type Line, rewritten } from './content.ts';
import { anew, openPieces, pieces, sealPiece } from './file.ts';
import * as hall from './hall.ts';
import type { FileInfo } from './info.ts';
import { Lost, type Queued, Shelf } from './shelf.ts';

/** Whether a text that waits names a file that is not wholly with the hall. */
export const carries = (q: Queued): boolean => q.deed.t === 'text' && !!q.deed.file && !q.sealed && (q.piece ?? 0) < pieces(q.deed.file);

export abstract class Carrier extends Shelf {
  protected abstract get leaf(): string;

  /** What is to be written for a line: itself, the words it takes away, and the list of lines that will go, by name. */
  protected async written(id: string, name: string, line: Line): Promise<Record<string, unknown>> {
    const lines = line.t === 'gone' || line.t === 'edit' ? rewritten(await this.kept(id), name, line) : { [name]: line };
    const going = Object.entries(lines).flatMap(([n, l]) => (l.until ? [[n, l.until]] : []));
    if (going.length === 0) return lines;
    return { ...lines, fading: { ...(await this.book.get<Record<string, number>>('fading')), ...Object.fromEntries(going) } };
  }

  /** Takes away what has had its time, with its files. */
  protected async fade(changed: Set<string>): Promise<void> {
    const list = (await this.book.get<Record<string, number>>('fading')) ?? {};
    const due = Object.keys(list).filter((name) => (list[name] ?? 0) <= Date.now());
    if (due.length === 0) return;
    const gone: Record<string, unknown> = {};
    for (const name of due) {
      const l = await this.book.get<Line>(name);
      if (l?.t === 'text' && 'file' in l && l.file) {
        gone[`file/${l.file.id}`] = undefined;
        await hall.gotFile(this.leaf, l.file.id).catch(() => undefined); // it goes in thirty days at the latest
      }
      gone[name] = undefined;
      delete list[name];
      changed.add(name.split('/')[1] ?? '');
    }
    await this.book.put({ ...gone, fading: list });
  }

  /** Is told when a piece has gone, when a file is wholly there, and what has failed. */
  carried: (what: 'piece' | 'file' | Error) => void = () => undefined;
  private carrying = { id: '', stop: new AbortController() };

  /** Work that no other page does at the same time. */
  protected abstract alone<T>(work: () => Promise<T>): Promise<T>;

  /**
   * Takes the files of texts that wait to the hall, piece by piece. Nothing else waits for that: another lock is
   * held meanwhile, and what is kept changes between two pieces only.
   */
  protected async carryOn(): Promise<void> {
    await navigator.locks.request(`guildhall-messages/${this.face}/files`, { ifAvailable: true }, async (mine) => {
      if (!mine) return; // another page of this browser does it
      for (const q of await this.queued()) {
        if (!q.group || !carries(q)) continue;
        try {
          await this.carry(q.id);
          if (!(await this.waits(q.id))) continue;
          this.carried('file');
        } catch (e) {
          this.carried(e as Error);
          if (e instanceof hall.Offline) return;
        }
      }
    });
  }

  private waits(id: string): Promise<Queued | undefined> {
    return this.book.get<Queued>(`queue/${id}`);
  }

  /** Takes one file to the hall, as far as it is not there yet, unless its text is taken back. */
  private async carry(id: string): Promise<void> {
    let [of, bytes]: [string, Bytes | null] = ['', null];
    let tried = false;
    for (;;) {
      const q = await this.waits(id);
      const f = q?.deed.t === 'text' ? q.deed.file : undefined;
      if (!q || !f || !carries(q)) return;
      if (of !== f.id) [of, bytes] = [f.id, await this.book.bytes(`file/${f.id}`)];
      if (!bytes) throw new Lost(); // its text waits until it is taken back: without the file it would name nothing
      const n = q.piece ?? 0;
      this.carrying = { id, stop: new AbortController() };
      const { signal } = this.carrying.stop;
      try {
        await hall.putPiece(this.leaf, q.group, f.id, n, n + 1 === pieces(f), await sealPiece(f, bytes, n), signal);
        await this.note(id, f, n + 1);
        this.carried('piece');
      } catch (e) {
        if (signal.aborted) return;
        if (tried || !(e instanceof hall.Refusal) || e.key !== 'message.no_piece' || e.status !== 409) throw e;
        tried = true;
        await this.anewFile(id, f, bytes); // what the hall had of it is another conversation's, or is gone
      }
    }
  }

  /** Notes how many pieces of a file the hall has, if its text waits still. */
  private note(id: string, f: FileInfo, piece: number): Promise<void> {
    return this.alone(async () => {
      const q = await this.waits(id);
      if (q?.deed.t === 'text' && q.deed.file?.id === f.id) await this.book.put({ [`queue/${id}`]: { ...q, piece } });
    });
  }

  /** Lets a text that waits name its file anew. */
  private anewFile(id: string, f: FileInfo, bytes: Bytes): Promise<void> {
    return this.alone(async () => {
      const q = await this.waits(id);
      if (q?.deed.t !== 'text') return;
      const file = anew(f, hall.draws());
      const { sealed: _, ...rest } = q;
      await this.book.putBytes(`file/${file.id}`, bytes);
      await this.book.put({ [`queue/${id}`]: { ...rest, deed: { ...q.deed, file }, piece: 0 }, [`file/${f.id}`]: undefined });
    });
  }

  /** Takes back a text that waits, and stops its file on the way. */
  async cancel(id: string): Promise<void> {
    if (this.carrying.id === id) this.carrying.stop.abort();
    const q = await this.waits(id);
    await this.alone(() => this.forget(id));
    if (q?.deed.t !== 'text' || !q.deed.file || !q.group) return;
    await hall.cancelFile(this.leaf, q.group, q.deed.file.id).catch(() => undefined); // it goes in a day or two
  }

  /** Keeps a file that is to be sent. */
  keepFile(f: FileInfo, bytes: Bytes): Promise<void> {
    return this.book.putBytes(`file/${f.id}`, bytes);
  }

  /** The files that are on this device. */
  async files(): Promise<string[]> {
    return (await this.book.names('file/')).map((n) => n.slice('file/'.length));
  }

  /** A file, from this device or, the first time, from the hall, which then forgets it for this device. */
  async file(f: FileInfo): Promise<Bytes> {
    const kept = await this.book.bytes(`file/${f.id}`);
    if (kept) return kept;
    const bytes = await openPieces(f, (n) => hall.piece(this.leaf, f.id, n));
    await this.book.putBytes(`file/${f.id}`, bytes);
    await hall.gotFile(this.leaf, f.id);
    return bytes;
  }

  /** Takes the file of a deleted text off this device; the hall need not keep it for it either. */
  protected async dropFile(lines: Line[], of: string, from: string): Promise<void> {
    for (const l of lines) {
      if (l.id !== of || l.from !== from || !('text' in l) || l.t !== 'text' || !l.file) continue;
      await this.book.put({ [`file/${l.file.id}`]: undefined });
      await hall.gotFile(this.leaf, l.file.id).catch(() => undefined); // it goes in thirty days at the latest
    }
  }
}
