// The calendar of docs/PASSES.md, in UTC and computed alike by every program, so
// that nobody can be put into an odd epoch. Moments are milliseconds since 1970.

export const DAY = 86_400_000;
export const HOUR = 3_600_000;

const MONDAY = 4; // day 4 was the first Monday

export const dayOf = (t: number): number => Math.floor(t / DAY);
export const weekOf = (t: number): number => Math.floor((dayOf(t) - MONDAY) / 7);
export const epochOf = (t: number): number => epochOfDay(dayOf(t));
export const epochOfDay = (day: number): number => Math.floor((day - MONDAY) / 28);

/** The first day of a week or of an epoch. */
export const weekStart = (week: number): number => week * 7 + MONDAY;
export const epochStart = (epoch: number): number => epoch * 28 + MONDAY;

/** The day of the next batch tick after t: the Monday on which masks are born. */
export const nextBatch = (t: number): number => weekStart(weekOf(t) + 1);

/** The moment at which a letter is brought to the hall at the latest: the third 03:00, since it goes by lot. */
export const lastDelivery = (t: number): number => (dayOf(t - 3 * HOUR) + 3) * DAY + 3 * HOUR;

/** A clock that differs from the hall's by more is told to its owner. */
export const MOST_SKEW = 36 * HOUR;
