// Serving all seats of whoever is signed in, from any page.
import { keptRoots } from '../account/device.ts';
import { ask, canHoldKeys } from '../account/element.ts';
import { alone, Held } from './held.ts';
import { isLocal, skew } from './halltime.ts';
import { Issuers } from './issuer.ts';
import { fetchDue, type Seat } from './serve.ts';
import { canSign } from './signer.ts';
import { spokeAt } from './spoke.ts';
import { Standing } from './standing.ts';
import { pay } from './visit.ts';

interface Seats {
  day: number;
  epoch: number;
  key: boolean;
  seats: (Omit<Seat, 'day' | 'epoch' | 'key'> & { space: string })[];
}

/** Fetches the rights that the hall has not served yet, and the read passes that this device lacks. */
export async function serveSeats(): Promise<void> {
  const { seats, ...today } = await ask<Seats>('/me/passes');
  const due = seats.filter((s) => s.eligible);
  if (!today.key || !due.length || !canHoldKeys() || !(await canSign())) return;
  const roots = await keptRoots();
  const root = roots[0];
  if (!root || roots.length > 1) return; // whose seats these are cannot be said
  const ahead = isLocal() ? await skew() : 0;
  const rows = await Held.of(root);
  const safe = `${location.protocol}//safe.${location.host}`;
  for (const { space, ...seat } of due) {
    const issuers = new Issuers(space, safe);
    const standing = new Standing({
      root, space, lang: document.documentElement.lang, rows, alone, now: () => Date.now() + ahead, spoke: spokeAt,
      issuer: (slot) => issuers.key(slot), pay: (body) => pay(safe, body),
    });
    await fetchDue(root, space, issuers, standing, { ...today, ...seat }, false);
  }
}
