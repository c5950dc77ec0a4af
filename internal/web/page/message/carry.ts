// Files of conversations as this device has them: on their way to the hall, and fetched.
import type { Bytes } from '../account/bytes.ts';
import { type Line, rewritten } from './content.ts';
import { anew, openPieces, pieces, sealPiece } from './file.ts';
import * as hall from './hall.ts';
import type { FileInfo } from './info.ts';
import { type Queued, Shelf } from './shelf.ts';

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

  /** Takes the file of a text to the hall, as far as it is not there yet. */
  protected async carry(q: Queued, group: string): Promise<void> {
    let f = q.deed.t === 'text' ? q.deed.file : undefined;
    if (!f) return;
    const bytes = await this.book.bytes(`file/${f.id}`);
    let tried = false;
    for (let n = q.piece ?? 0; bytes && n < pieces(f); n = q.piece ?? 0) {
      try {
        await hall.putPiece(this.leaf, group, f.id, n, await sealPiece(f, bytes, n));
        q.piece = n + 1;
        await this.book.put({ [`queue/${q.id}`]: { ...q, group } });
      } catch (e) {
        if (tried || !(e instanceof hall.Refusal) || e.key !== 'message.no_piece' || e.status !== 409) throw e;
        tried = true;
        f = await this.anewFile(q, f, bytes, group); // what the hall had of it is another conversation's, or is gone
      }
    }
  }

  /** Lets a text that waits name its file anew. */
  private async anewFile(q: Queued, f: FileInfo, bytes: Bytes, group: string): Promise<FileInfo> {
    const file = anew(f, hall.draws());
    await this.book.putBytes(`file/${file.id}`, bytes);
    if (q.deed.t === 'text') q.deed = { ...q.deed, file };
    q.piece = 0;
    delete q.sealed;
    await this.book.put({ [`queue/${q.id}`]: { ...q, group }, [`file/${f.id}`]: undefined });
    return file;
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
