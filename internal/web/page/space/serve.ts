// Being served: every eligible member's browser asks for her passes at a visit,
// whether she will ever use them or not, so that asking says nothing.
import type { Bytes } from '../account/bytes.ts';
import { ask } from '../account/element.ts';
import type { Slot } from './derive.ts';
import type { Issuers } from './issuer.ts';
import { receive, requestReads, requestRight, serveBody } from './pass.ts';
import { markSpoken } from './spoke.ts';
import type { Standing } from './standing.ts';

/** What the hall says of a seat. */
export interface Seat {
  day: number;
  epoch: number;
  key?: boolean; // whether the hall knows the key that signs the request
  seat: boolean;
  eligible: boolean;
  why: string;
  right_epoch: number | null;
}

interface Served {
  right: string;
  read: string[];
}

/** Asks how a seat stands, and fetches what it may have and this device lacks; nothing lacking, nothing sent. */
export async function serve(root: Bytes, space: string, issuers: Issuers, standing: Standing): Promise<Seat> {
  const seat = await ask<Seat>(`/me/passes?space=${encodeURIComponent(space)}`);
  await fetchDue(root, space, issuers, standing, seat, true);
  return seat;
}

/**
 * Fetches what is due of a seat and this device lacks; again: also a right that
 * another device has fetched before. Of read passes the hall knows nothing, so each
 * device looks into its own store.
 */
export async function fetchDue(root: Bytes, space: string, issuers: Issuers, standing: Standing, seat: Seat, again: boolean): Promise<void> {
  if (!seat.seat || !seat.eligible || seat.key === false) return;
  const s = await standing.state();
  const lacksRight = s.n < 0 && !s.coming && (again || seat.right_epoch === null);
  // Passes that a mask has asked for do not count: an account that asked for none would show whose mask that was.
  const lacksReads = s.reads?.epoch !== seat.epoch || !!s.reads.from;
  const epoch = seat.right_epoch ?? seat.epoch;
  if (lacksRight && epoch !== seat.epoch) await fetchPasses(root, space, epoch, true, false, issuers, standing);
  if (lacksReads || (lacksRight && epoch === seat.epoch)) {
    await fetchPasses(root, space, seat.epoch, lacksRight && epoch === seat.epoch, lacksReads, issuers, standing);
  }
  if (lacksRight && seat.right_epoch !== null) await standing.find(); // another device may have used it
}

async function fetchPasses(
  root: Bytes, space: string, epoch: number, right: boolean, reads: boolean, issuers: Issuers, standing: Standing,
): Promise<void> {
  const slots: Record<'right' | 'read', Slot> = { right: { purpose: 'right', space, epoch }, read: { purpose: 'read', space, epoch } };
  const [keyOfRight, keyOfReads] = await Promise.all([right ? issuers.key(slots.right) : null, reads ? issuers.key(slots.read) : null]);
  const [asked, askedReads] = await Promise.all([
    keyOfRight && requestRight(root, slots.right, 0, keyOfRight), keyOfReads ? requestReads(root, slots.read, keyOfReads) : [],
  ]);
  if (asked) markSpoken(); // a right is noted in the hall's files, and so dates this visit as an open word does
  const got = await ask<Served>('/me/passes', await serveBody(root, space, epoch, asked, askedReads));
  const [passes, pass] = await Promise.all([
    keyOfReads ? receive(askedReads, keyOfReads, got.read) : null, keyOfRight && asked ? receive([asked], keyOfRight, [got.right]) : null,
  ]);
  await standing.served(pass?.[0] ?? null, passes && { epoch, passes });
}
