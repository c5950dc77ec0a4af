// The read passes of an epoch, by which one looks in without a mask: which is the
// day's, and how a mask asks for them where the account fetches none.
import { type Bytes, encode } from '../account/bytes.ts';
import type { IssuerKey } from './blind.ts';
import { dayOf, epochOf, epochStart } from './calendar.ts';
import { readSeed, type Slot } from './derive.ts';
import { firstOfMask, type Pass, receive, type Request, requestReads } from './pass.ts';
import { signer, type Signer } from './signer.ts';
import type { Reads } from './state.ts';
import type { Act, Result } from './visit.ts';

/** Whoever shows the read pass of the day; null without one. */
export async function reader(root: Bytes, space: string, reads: Reads | null, now: number): Promise<{ by: Signer; pass: Pass } | null> {
  const epoch = epochOf(now);
  const i = dayOf(now) - epochStart(epoch);
  const pass = reads?.epoch === epoch ? reads.passes[i] : undefined;
  if (!reads || !pass) return null;
  return { by: await signer(await readSeed(root, { purpose: 'read', space, epoch }, (reads.from ?? 0) + i)), pass };
}

/** A mask's request for the read passes of an epoch. */
export class Asking {
  private constructor(private readonly issuer: IssuerKey, private readonly rows: Request[], private readonly from: number, private readonly slot: Slot) {}

  /** Makes it, the same each time, for mask n. */
  static async of(root: Bytes, slot: Slot, n: number, key: (slot: Slot) => Promise<IssuerKey>): Promise<Asking> {
    const [issuer, from] = [await key(slot), firstOfMask(n)];
    return new Asking(issuer, await requestReads(root, slot, issuer, from), from, slot);
  }

  get act(): Act {
    return { do: 'reads', epoch: this.slot.epoch, blinds: this.rows.map((r) => encode(r.blinded.request)) };
  }

  /** Makes passes of the answer. */
  async passes(r: Result): Promise<Reads> {
    return { epoch: this.slot.epoch, passes: await receive(this.rows, this.issuer, r.reads ?? []), from: this.from };
  }
}
