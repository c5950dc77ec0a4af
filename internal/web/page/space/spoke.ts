// Whether this device has lately done something openly. Forms that an open profile
// sends, a recommendation as well as a post, leave the hour here; masks then keep
// quiet for a while.

const PLACE = 'guildhall-spoke';
const HOUR = 3_600_000;

/** Leaves the mark. It is finer than a day only here, on the device. */
export function markSpoken(now: number = Date.now()): void {
  try {
    localStorage.setItem(PLACE, String(Math.ceil(now / HOUR) * HOUR));
  } catch {
    // storage is switched off; then no mask is kept here either
  }
}

/** When this device last spoke openly, rounded up to the hour; 0: not that it knows. */
export function spokeAt(): number {
  try {
    return Number(localStorage.getItem(PLACE) ?? 0) || 0;
  } catch {
    return 0;
  }
}

/** Empties the device's small store, the mark apart: whoever signs out has spoken all the same. */
export function emptyExceptMark(): void {
  const at = localStorage.getItem(PLACE);
  localStorage.clear();
  if (at) localStorage.setItem(PLACE, at);
}
