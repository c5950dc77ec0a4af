// How much a mask says beside the others. Whoever says much more than everybody
// under a mask is the easiest to tell, for she says much openly as well.
import { DAY } from './calendar.ts';
import type { Sent } from './state.ts';
import type { Bundle } from './visit.ts';

/** So many other masks at least must have said as much as this one before it says more, and half of them. */
const CROWD = 10;

/** After so many days it may say something whatever the others do. */
const REST = 14;

/** How much a mask and its crowd have said. */
export interface Crowd {
  most: number; // posts that half of the others, and at least CROWD, have had shown
  own: number; // posts that this mask has had shown, or that wait in the hall
  last: number; // when the last of them left this device, or its day began
}

/** What a bundle says of how much is said, for a mask with that id; null where a mask may say as much as it likes. */
export function crowdOf(b: Bundle | null, id: string, sent: Sent[]): Crowd | null {
  if (b?.space.pace !== 'careful') return null;
  const said = new Map<string, number>();
  const waiting = sent.filter((p) => p.state === 'waiting' || p.state === 'checked');
  let last = Math.max(0, ...waiting.map((p) => p.ready));
  for (const p of b.threads.flatMap((t) => t.posts)) {
    said.set(p.mask, (said.get(p.mask) ?? 0) + 1);
    if (p.mask === id) last = Math.max(last, p.day * DAY);
  }
  const others = b.masks.filter((m) => m.id !== id && !m.state).map((m) => said.get(m.id) ?? 0).sort((x, y) => x - y);
  return { most: others.at(-Math.max(CROWD, others.length >> 1)) ?? 0, own: (said.get(id) ?? 0) + waiting.length, last };
}

/** Those of posts that may leave, in their order, without standing out; what its author wants said all the same may. */
export function within(crowd: Crowd | null, posts: Sent[]): Sent[] {
  if (!crowd) return posts;
  let { own, last } = crowd;
  return posts.filter((p) => (p.loud || own <= crowd.most || p.ready - last >= REST * DAY) && (own++, (last = Math.max(last, p.ready))));
}

/** The day from which a mask may say something more in any case. */
export const freeFrom = (crowd: Crowd): number => Math.ceil(crowd.last / DAY + REST);
