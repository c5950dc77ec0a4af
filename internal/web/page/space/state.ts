// What a device knows of one person in one space: a row of the store, and what
// may be concluded from it without asking anybody.
import { DAY, dayOf, epochOf, epochOfDay, epochStart, HOUR, nextBatch, weekOf, weekStart } from './calendar.ts';
import { type Crowd, within } from './crowd.ts';
import type { Pass } from './pass.ts';
import type { Act, Brief, Bundle, Result } from './visit.ts';

/** The mask that speaks, as the hall told it last. */
export interface Mask {
  name: string;
  state: string; // active, muted, banned, renewed, over
  until: number; // day on which posting ends
  renew: number; // day on which renewal opens
  reason: string;
}

/** A right on its way to becoming the next mask. */
export interface Coming {
  pass: Pass;
  week: number; // in which it was received; it is used after that week
  takeAt: number; // moment from which it is registered; 0: its owner has not asked for it
  batch: number; // day on which it may become a mask; 0: not registered yet
  waiting: number; // registrations in that batch when last asked
}

/** A post that readers do not see yet. */
export interface Sent {
  id: string;
  thread: string;
  title: string;
  reply: string;
  text: string;
  lang: string;
  state: 'held' | 'waiting' | 'checked' | 'refused'; // on this device, in the hall's pool, with a moderator, not taken
  after: number; // held back until this moment; 0: leaves when the visit ends
  ready: number; // when it was done, or the visit began at whose end it may leave
  anyway?: boolean; // it leaves though that visit is not quiet
  loud?: boolean; // it leaves though its mask says more than others
  from: number; // days between which it appears
  to: number;
  message: string; // why it was refused
  asked?: number; // the day on which the hall was last asked why it has not appeared
}

/** What is done to a post, a recommendation or a deletion: the hall's files and pages date it as they do a post. */
export interface Deed {
  act: Act;
  after: number; // all three as of Sent
  ready: number;
  anyway?: boolean;
}

/** The read passes of an epoch, one for each day. */
export interface Reads {
  epoch: number;
  passes: Pass[];
  from?: number; // the number of the first; 0 when the account was served them
}

/** The pass to a consultation of masks, or why there is none. */
export interface Paper {
  pass: Pass | null;
  at: number; // when it came, if the mask came for it: used much later, or whoever watches would see the two together
  why: string;
}

/** A letter that was handed in at the letterbox, or is ready to be. */
export interface Letter {
  id: string; // by which it is asked for
  secret: string; // opens its answer
  page: string; // the visit it was made in
  of: string; // shared by the two of which one leaves when the page is put away
  at: number; // when it was made
  sure: boolean; // it is known to be at the letterbox
  what: 'said' | 'take' | 'status' | 'renew' | 'reads' | 'admit' | 'nothing';
  n: number; // the mask that speaks in it
  epoch: number; // of what it asks for
  acts: Act[]; // of posts only the ids; none of what the mask needs, but its pass to a consultation
}

export interface State {
  n: number; // the mask that speaks; -1: none yet
  mask: Mask | null;
  coming: Coming | null; // mask n + 1
  renewing: number; // the epoch in which a renewal was begun; -1: none
  reads: Reads | null;
  sent: Sent[];
  deeds: Deed[]; // that wait on this device
  refused: string[]; // why the hall did not do some of them, until that was said
  written: string; // under this mask, for comparing styles
  seen: string[]; // answers that were read
  judge: Brief[]; // what this mask is to judge as a juror
  judged: Record<string, string>; // its verdicts, by case
  praised: string[]; // posts it recommends
  coin: { at: number; anyway: boolean }; // drawn once for a visit
  renewal: { of: number; at: number }; // when this device renews the mask that may from a day on
  box: string; // the letterbox of this hall; empty: none
  letters: Letter[];
  unreached: number; // since when the letterbox has not been reached; 0: it was
  finding: boolean; // asks by letters which mask of this seat speaks
  turn: boolean; // the last letter that arrived said something
  unsaid: string[]; // posts that were taken back while their letter was on its way
  papers: Record<string, Paper>; // by consultation
}

export const EMPTY: State = {
  n: -1, mask: null, coming: null, renewing: -1, reads: null, sent: [], deeds: [], refused: [], written: '', seen: [], judge: [], judged: {}, praised: [],
  coin: { at: 0, anyway: false }, renewal: { of: 0, at: 0 },
  box: '', letters: [], unreached: 0, finding: false, turn: false, unsaid: [], papers: {},
};

/** The number of the mask that was born in an epoch, as far as this device can tell; -1 for none. */
export function maskOf(s: State | null, epoch: number): number {
  if (!s?.mask) return -1;
  const n = s.n + 1 + epoch - epochOfDay(s.mask.until); // it may post for a week after its epoch
  return n === s.n || n === s.n - 1 ? n : -1;
}

/** A random number below 1; tests have their own. */
export type Draw = () => number;

export const drawn: Draw = () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;

/** The moment before which a right must not be registered: the end of the week in which it was received. */
export const windowEnd = (c: Coming): number => weekStart(c.week + 1) * DAY;

/** The moment for registering this week: a random one after the window has closed; its end, so at once, when it has. */
export const takeSoon = (c: Coming, now: number, draw: Draw = drawn): number =>
  windowEnd(c) > now ? windowEnd(c) + draw() * 48 * HOUR : windowEnd(c);

/**
 * The moment for registering with everybody who renews: the second week of the
 * next epoch, from which they are born with the newcomers who waited.
 */
export function takeWithMany(now: number, draw: Draw = drawn): number {
  return epochStart(epochOf(now) + 1) * DAY + 7 * DAY + draw() * 72 * HOUR;
}

/** How long a device that spoke openly says nothing as a mask. */
export const QUIET = 6 * HOUR;

export const quiet = (now: number, spoke: number): boolean => !spoke || now - spoke >= QUIET;

/** Until when something is held back that was done beside open words. */
export const holdBack = (now: number, draw: Draw = drawn): number => now + draw() * 120 * HOUR;

/**
 * How often what is due leaves though the visit is not quiet. Were it never, an open
 * word would say that no mask of that day is hers.
 */
const ANYWAY = 1 / 3;

/** On which day of an epoch renewal opens. */
const RENEWAL_OPENS = 3;

/** Over what time devices spread their renewals, so that their days say little. */
const RENEWALS = 84 * HOUR;

export const mayRead = (s: State, now: number): boolean => s.n >= 0 || s.reads?.epoch === epochOf(now);

export const mayRenew = (s: State, now: number): boolean =>
  s.n >= 0 && !s.coming && !!s.mask?.renew && s.renewal.of === s.mask.renew && now >= s.renewal.at && s.mask.state !== 'banned';

export const mayTake = (s: State, now: number): boolean =>
  !!s.coming && !s.coming.batch && s.coming.takeAt > 0 && now >= s.coming.takeAt && weekOf(now) > s.coming.week;

/** Posts and deeds that have waited long enough. */
export const due = (s: State, now: number): Sent[] => s.sent.filter((p) => p.state === 'held' && p.after <= now);

/** Posts that may leave now: a mask that has renewed or is over leaves them to its successor, and none says much more than others. */
export const outgoing = (s: State, now: number, crowd: Crowd | null): Sent[] =>
  ['renewed', 'over'].includes(s.mask?.state ?? '') ? [] : within(crowd, due(s, now));

export const dueDeeds = (s: State, now: number): Deed[] => s.deeds.filter((d) => d.after <= now);

/** Posts that should have come out by now: a moderator holds them, or kept them out. Asked for once a day. */
export const overdue = (s: State, today: number): Sent[] =>
  s.sent.filter((p) => (p.asked ?? 0) < today && (p.state === 'checked' || (p.state === 'waiting' && today > p.to)));

/** What the calendar does to a mask, which nobody need be asked for. */
export function age(m: Mask, now: number): void {
  if (!m.until) return;
  m.renew = epochStart(Math.max(epochOfDay(m.until), epochOf(now))) + RENEWAL_OPENS;
  if (['active', 'muted'].includes(m.state) && dayOf(now) > m.until) m.state = 'over';
}

/** The state of one's own mask after what the bundle says of it, for everybody; what the mask was told itself says more. */
function toldOf(state: string, said: string): string {
  if (said === 'banned') return said;
  if (said === 'muted') return state === 'renewed' || state === 'over' ? state : said;
  if (state !== 'muted' && state !== 'banned') return state;
  return said === 'old' ? 'over' : 'active';
}

/** Takes in what a bundle tells everybody of the mask with that id, which speaks here. */
export function overhear(s: State, bundle: Bundle, id: string): void {
  if (!s.mask) return;
  const said = bundle.masks.find((m) => m.id === id);
  const state = said ? toldOf(s.mask.state, said.state ?? '') : s.mask.state;
  if (state !== s.mask.state) Object.assign(s.mask, { state, reason: '' });
  s.judge = s.judge.filter((j) => bundle.cases.some((c) => c.id === j.case && !c.outcome && c.jurors.includes(id)));
}

/**
 * At the beginning of a visit: sees which of what waits has been done beside open
 * words, and waits for longer; what has become due may leave when this visit ends,
 * for nobody knows yet what is done openly in it. What should have left at the end of
 * an earlier visit keeps its moment, and is asked for again. What more was to be said
 * than others say is as if it had been written now.
 */
export function arrange(s: State, now: number, spoke: number, crowd: Crowd | null = null, draw: Draw = drawn): void {
  if (now - s.coin.at >= QUIET) s.coin = { at: now, anyway: draw() < ANYWAY };
  if (s.mask?.renew && s.renewal.of !== s.mask.renew) s.renewal = { of: s.mask.renew, at: s.mask.renew * DAY + draw() * RENEWALS };
  const may = outgoing(s, now, crowd);
  for (const x of due(s, now)) if (!may.includes(x)) Object.assign(x, { ready: now, anyway: s.coin.anyway });
  for (const x of [...may, ...dueDeeds(s, now)]) {
    const left = quiet(x.ready, spoke) || !!x.anyway;
    if (!x.after && !left) x.after = holdBack(x.ready, draw);
    if (x.after && x.after <= now && !(x.ready >= x.after && left)) Object.assign(x, { ready: now, anyway: s.coin.anyway });
  }
}

/** Whether this visit may do what the hall's files date, though it may not be quiet. */
export const mayLeave = (s: State, now: number, spoke: number): boolean => quiet(now, spoke) || s.coin.anyway;

/** Notes what the hall said of a post. */
export function became(post: Sent, r: Result): void {
  if (!r.ok) Object.assign(post, { state: 'refused', message: r.message ?? '' });
  else if (r.state === 'refused') Object.assign(post, { state: 'refused', message: r.reason ?? '' });
  else if (r.state === 'held') Object.assign(post, { state: 'checked', message: '' });
  else Object.assign(post, { state: 'waiting', from: r.from || post.from, to: r.to || post.to, message: '' });
}

/** Takes in what the hall said to the mask of how it stands. */
export function standsAs(s: State, r: Result): void {
  s.mask = { name: r.name ?? '', state: r.state ?? '', until: r.until ?? 0, renew: r.renew ?? 0, reason: r.reason ?? '' };
  s.judge = r.judge ?? [];
  s.judged = Object.fromEntries(Object.entries(s.judged).filter(([id]) => s.judge.some((b) => b.case === id)));
}

/** Notes on which day a registration may become a mask. */
export function registered(c: Coming, r: Result | undefined, now: number): void {
  c.batch = r?.batch || nextBatch(now);
  c.waiting = r?.waiting ?? c.waiting;
}

/** The next mask speaks from now on. */
export function succeed(s: State): void {
  Object.assign(s, { n: s.n + 1, coming: null, renewing: -1, written: '', judge: [], judged: {}, praised: [] });
}

/** The mask has renewed: its successor's right has come, and is registered after its window. */
export function renewed(s: State, pass: Pass, now: number, draw: Draw): void {
  const week = weekOf(now);
  if (s.mask) s.mask.state = 'renewed';
  s.coming = { pass, week, takeAt: weekStart(week + 1) * DAY + draw() * 48 * HOUR, batch: 0, waiting: 0 };
}

/** The hall did not renew the mask, and says why. */
export function notRenewed(s: State, r: Result | undefined): void {
  if (r?.error === 'mask.renew.epoch') s.renewing = -1; // it was never heard in that epoch: ask in this one
  if (s.mask) s.mask.reason = r?.message ?? '';
}

/** Whether something is done, beyond asking how the mask stands. */
export const speaks = (acts: Act[]): boolean => acts.some((a) => a.do !== 'status');

/** A post as it travels. */
export const asAct = ({ id, thread, title, reply, text, lang }: Sent): Act => ({
  do: 'post', id, thread, ...(title ? { title } : {}), ...(reply ? { reply } : {}), text, lang,
});

