// The read passes of an epoch, by which one looks in without a mask: which is the
// day's, and how a mask asks for them where the account fetches none.
import { type Bytes, encode } from '../account/bytes.ts';
import type { IssuerKey } from './blind.ts';
import { dayOf, epochOf, epochStart } from './calendar.ts';
import { readSeed, type Slot } from './derive.ts';
import { firstOfMask, type Pass, receive, requestReads } from './pass.ts';
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

/** A mask's request for the read passes of an epoch, and what makes passes of the answer. */
export interface Asking {
  act: Act;
  passes(r: Result): Promise<Reads>;
}

/** The request of mask n, the same each time. */
export async function asking(root: Bytes, slot: Slot, n: number, key: (slot: Slot) => Promise<IssuerKey>): Promise<Asking> {
  const [issuer, from, epoch] = [await key(slot), firstOfMask(n), slot.epoch];
  const rows = await requestReads(root, slot, issuer, from);
  return {
    act: { do: 'reads', epoch, blinds: rows.map((r) => encode(r.blinded.request)) },
    passes: async (r) => ({ epoch, passes: await receive(rows, issuer, r.reads ?? []), from }),
  };
}
