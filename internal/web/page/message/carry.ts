// Files of conversations as this device has them: on their way to the hall, and fetched.
import type { Bytes } from '../account/bytes.ts';
import type { Line } from './content.ts';
import { openPieces, pieces, sealPiece } from './file.ts';
import * as hall from './hall.ts';
import type { FileInfo } from './info.ts';
import { type Queued, Shelf } from './shelf.ts';

export abstract class Carrier extends Shelf {
  protected abstract get leaf(): string;

  /** What is to be written with a line that will go: the list of those that will, by name. */
  protected async fading(name: string, line: Line): Promise<Record<string, unknown>> {
    if (!line.until) return {};
    return { fading: { ...(await this.book.get<Record<string, number>>('fading')), [name]: line.until } };
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
    const f = q.deed.t === 'text' ? q.deed.file : undefined;
    if (!f) return;
    const bytes = await this.book.bytes(`file/${f.id}`);
    for (let n = q.piece ?? 0; bytes && n < pieces(f); n++) {
      try {
        await hall.putPiece(this.leaf, group, f.id, n, await sealPiece(f, bytes, n));
      } catch (e) {
        if (n > 0 && e instanceof hall.Refusal && e.key === 'message.no_piece') await this.anewFile(q, f, bytes); // what it had of it went with another conversation
        throw e;
      }
      q.piece = n + 1;
      await this.book.put({ [`queue/${q.id}`]: { ...q, group } });
    }
  }

  private async anewFile(q: Queued, f: FileInfo, bytes: Bytes): Promise<void> {
    const file = { ...f, id: hall.draws() };
    await this.book.putBytes(`file/${file.id}`, bytes);
    if (q.deed.t === 'text') await this.book.put({ [`queue/${q.id}`]: { ...q, deed: { ...q.deed, file }, piece: 0 }, [`file/${f.id}`]: undefined });
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
