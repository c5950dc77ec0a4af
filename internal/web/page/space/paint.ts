// What the page of a safe space shows, made of what this device knows. Nothing
// here asks anybody; every word was rendered by the hall.
import { dayOf, lastDelivery } from './calendar.ts';
import { clean } from './clean.ts';
import { type Crowd, freeFrom } from './crowd.ts';
import { date, moment, saying, shape } from './shape.ts';
import { due, outgoing, type Sent, type State, windowEnd } from './state.ts';
import type { Bundle, Post, Speaker, Thread } from './visit.ts';

/** The element, as far as painting needs it. */
export interface Page extends HTMLElement {
  sentence(key: string, words?: Record<string, string | number>): string;
  piece(name: string): HTMLElement | null;
  /** The picture of the mask with that id. */
  face(id: string): Node;
}

/** What of the reader matters for a post: her masks, whether they may speak, what they recommend. */
export interface Me {
  ids: string[];
  speaks: boolean;
  praised: string[];
}

/** The sentence on how somebody stands, and which buttons belong to it. */
export interface Stand {
  say: string;
  words?: Record<string, string | number>;
  buttons?: string[];
  also?: { say: string; words: Record<string, string | number> }; // one sentence more
}

/** How this person stands here; seat is what the hall said of it, when she is signed in. */
export function stand(s: State, now: number, seat: { seat: boolean; eligible: boolean; why: string } | null, b: Bundle | null = null, mail: Mail | null = null): Stand {
  const c = s.coming;
  const m = s.mask;
  if (mail && ((s.finding && !c) || (c?.batch && dayOf(now) >= c.batch))) return { say: 'asking-letter' };
  if (c?.batch) return { say: s.n < 0 ? 'born' : 'born-again', words: { date: date(c.batch), n: c.waiting } };
  if (c?.takeAt) {
    return c.takeAt > now ? { say: 'later', words: { date: date(dayOf(c.takeAt)) }, buttons: s.n < 0 ? ['sooner'] : [] } : { say: mail ? 'leaving-letter' : 'leaving', words: mail?.words ?? {} };
  }
  if (c) return choose(windowEnd(c) > now ? dayOf(windowEnd(c)) : 0, b?.window?.week === c.week ? Math.max(1, b.window.k) : 0, b?.space.masks ?? 0);
  if (m && s.n >= 0) {
    const words = { name: m.name, date: date(m.until), renew: date(m.renew), reason: m.reason };
    const known = ['active', 'muted', 'banned', 'renewed', 'over'].includes(m.state);
    return { say: known ? m.state : 'active', words, buttons: m.state === 'muted' || m.state === 'banned' ? ['appeal'] : [] };
  }
  if (seat && !seat.seat) return { say: 'seatless' };
  if (seat && !seat.eligible) return { say: 'ineligible', words: { why: seat.why } };
  return { say: s.reads ? 'reading' : 'nothing' };
}

/** Whether a window's masks would stand out: fewer than 20, or than a quarter of those that the space has. */
const few = (k: number, masks: number): boolean => k < 20 || 4 * k < masks;

const choose = (opens: number, k: number, masks: number): Stand => ({
  say: opens ? 'choose-later' : 'choose', words: opens ? { date: date(opens) } : {}, buttons: ['take', 'wait'],
  ...(!opens && k ? { also: { say: few(k, masks) ? 'crowd-few' : 'crowd', words: { k } } } : {}),
});

/** The name and the face of whoever speaks, for the banner and for the box. */
export function whom(page: Page, b: Bundle | null, s: State, id: string): Node[] {
  const known = b?.masks.find((m) => m.id === id);
  const text = saying('span', s.n < 0 ? page.sentence('as-reader') : page.sentence('as-mask', { name: s.mask?.name || known?.name || '' }));
  return s.n < 0 ? [text] : [page.face(id), text];
}

/** What a page says of the letterbox its letters go through. */
export interface Mail {
  words: { box: string; until: string }; // who runs it, and by when it brings what is handed in now
  where(id: string): number | null; // see Lettered
  fits(p: Sent): boolean;
}

/** The words for a letterbox: its host, and the moment in the reader's own zone. */
export const mailWords = (host: string, now: number): Mail['words'] => ({ box: host, until: moment(lastDelivery(now)) });

/** Posts that nobody else sees yet. */
export function sent(page: Page, s: State, now: number, crowd: Crowd | null, mail: Mail | null): Node[] {
  const [late, may] = [due(s, now), outgoing(s, now, crowd)];
  return s.sent.map((p) => {
    const stays = late.includes(p) && !may.includes(p);
    const e = shape(page, 'sent', { title: p.title || null, text: p.text, state: posted(page, p, mail, stays) ?? (stays ? stayed(page, s, crowd) : whereabouts(page, p)) });
    e.dataset['id'] = p.id;
    const loud = e.querySelector<HTMLElement>('[data-do=loud]');
    if (loud) loud.hidden = !stays || mail?.where(p.id) != null || s.mask?.state !== 'active';
    return e;
  });
}

/** Where a post is that goes by letter; null where that makes no difference. */
function posted(page: Page, p: Sent, mail: Mail | null, stays: boolean): string | null {
  if (!mail) return null;
  if (p.state === 'waiting') return `${whereabouts(page, p)} ${page.sentence('back-direct')}`;
  if (p.state !== 'held') return null;
  const at = mail.where(p.id);
  if (at != null) return page.sentence(at ? 'post-letter' : 'post-going', { ...mail.words, until: moment(at) });
  if (!mail.fits(p)) return page.sentence('post-long');
  return p.after || stays ? null : page.sentence('post-leaving-letter', mail.words);
}

/** Why a post that has waited long enough stays on this device. */
function stayed(page: Page, s: State, crowd: Crowd | null): string {
  return s.mask?.state === 'active' && crowd ? page.sentence('post-crowd', { date: date(freeFrom(crowd)) }) : page.sentence('post-successor');
}

/** Where a post is that nobody else sees yet. */
function whereabouts(page: Page, p: Sent): string {
  switch (p.state) {
    case 'waiting': return page.sentence(p.from === p.to ? 'post-waiting-day' : 'post-waiting', { from: date(p.from), to: date(p.to) });
    case 'checked': return page.sentence('post-checked');
    case 'refused': return page.sentence('post-refused', { why: p.message });
    default: return p.after ? page.sentence('post-held', { until: moment(p.after) }) : page.sentence('post-leaving');
  }
}

/** What became of one's own posts elsewhere, and the answers to one's own masks: each with its id. */
export function news(page: Page, b: Bundle, mine: string[]): [string, HTMLElement][] {
  const by = new Map(b.masks.map((m) => [m.id, m]));
  const line = (id: string, href: string, text: string): [string, HTMLElement] => [id, shape(page, 'reply', { link: link(href, text) })];
  const lines: [string, HTMLElement][] = [];
  for (const d of b.heard ?? []) if (mine.includes(d.to)) lines.push(line(d.id, d.href, page.sentence(d.what, d)));
  for (const t of b.threads) for (const p of t.posts) for (const d of b.digest) {
    if (d.post === p.id && mine.includes(d.to)) lines.push(line(p.id, `#${p.id}`, page.sentence('reply', { name: by.get(p.mask)?.name ?? '', title: t.title })));
  }
  return lines;
}

/** The list of threads. */
export function threads(page: Page, b: Bundle): Node[] {
  return b.threads.map((t) => {
    const state = t.posts[0]?.state; // its words are gone, and its title with them
    const a = saying('a', t.title || page.sentence(state === 'hidden' || state === 'deleted' ? `post-${state}` : 'untitled'), { href: `#${t.id}` });
    const last = t.posts.at(-1);
    return shape(page, 'row', { title: a, meta: page.sentence('row', { n: t.posts.length, date: last ? date(last.day) : '' }) });
  });
}

/** One thread with its posts. */
export function thread(page: Page, b: Bundle, t: Thread, me: Me): HTMLElement {
  const by = new Map(b.masks.map((m) => [m.id, m]));
  const judged = new Set(b.cases.map((c) => c.post));
  const e = shape(page, 'thread', { title: saying('span', t.title || page.sentence('untitled')) });
  e.querySelector('[data-slot=posts]')?.replaceChildren(...t.posts.map((p) => post(page, t, p, by, me, judged.has(p.id))));
  return e;
}

function post(page: Page, t: Thread, p: Post, by: Map<string, Speaker>, me: Me, appealed: boolean): HTMLElement {
  const speaker = by.get(p.mask);
  const own = me.ids.includes(p.mask);
  const body = saying('div', '', { className: 'prose', ...(p.lang ? { lang: p.lang } : {}) });
  if (p.state === 'hidden' || p.state === 'deleted') body.textContent = page.sentence(p.reason ? 'post-hidden-why' : `post-${p.state}`, { why: p.reason ?? '' });
  else body.append(clean(p.html));
  const answered = t.posts.find((o) => o.id === p.reply);
  const to = answered && link(`#${answered.id}`, page.sentence('answers', { name: by.get(answered.mask)?.name ?? '' }));
  const e = shape(page, 'post', {
    face: page.face(p.mask), name: speaker?.name ?? page.sentence('nameless'), day: link(`#${p.id}`, date(p.day)), body, answers: to ?? null,
    own: own ? page.sentence('yours') : null, state: speaker?.state ? page.sentence(`speaker-${speaker.state}`) : null,
    recommended: p.recommended ? page.sentence('recommended', { n: p.recommended }) : null,
  });
  e.id = p.id;
  e.dataset['id'] = p.id;
  e.dataset['thread'] = t.id;
  const acts = new Set(p.state === 'deleted' ? [] : p.state === 'hidden' ? (own && !appealed ? ['appeal'] : []) : offered(own, me, p.id));
  for (const b of e.querySelectorAll<HTMLElement>('[data-act]')) b.hidden = !acts.has(b.dataset['act'] ?? '');
  return e;
}

/** What one may do with a post that is shown. */
function offered(own: boolean, me: Me, id: string): string[] {
  const reply = me.speaks ? ['reply'] : [];
  if (own) return [...reply, 'delete'];
  return [...reply, ...(me.speaks ? [me.praised.includes(id) ? 'unrecommend' : 'recommend'] : []), 'report'];
}

const link = (href: string, text: string): HTMLAnchorElement => saying('a', text, { href });

