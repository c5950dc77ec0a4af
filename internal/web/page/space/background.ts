// The sample against which styles are compared: what others say on the hall's
// own front page. Fetched without cookies, the same for everybody, once an epoch;
// then it lies on the device.
import { epochOf } from './calendar.ts';
import { BARE } from './visit.ts';
import type { Rows } from './world.ts';

interface Feed {
  items: { id: string; content_html?: string; authors?: { name?: string }[] }[];
}

interface Sample {
  epoch: number;
  texts: string[];
}

const TALKS = 8; // discussions read for it

const plain = (html: string): string => new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '';

/** Texts of others, one per author, that share no sentence with own. */
export async function background(rows: Rows, now: number, own: string): Promise<string[]> {
  const kept = await rows.get<Sample>('background');
  const sample = kept?.epoch === epochOf(now) ? kept : await gather(now).catch(() => kept);
  if (!sample) return [];
  if (sample !== kept) await rows.put('background', sample);
  return sample.texts.filter((t) => !t.split('\n').some((line) => line.length > 40 && own.includes(line)));
}

async function gather(now: number): Promise<Sample> {
  const front = await feed('/feed.json');
  const talks = front.items.map((i) => /\/discussions\/[^/?#]+/.exec(i.id)?.[0]).filter((a) => a !== undefined).slice(0, TALKS);
  const all = [front, ...(await Promise.all(talks.map((t) => feed(`${t}/feed.json`))))];
  const byAuthor = new Map<string, string>();
  for (const i of all.flatMap((f) => f.items)) {
    const name = i.authors?.[0]?.name ?? '';
    const said = plain(i.content_html ?? '').trim();
    if (name && said && !byAuthor.get(name)?.includes(said)) byAuthor.set(name, `${byAuthor.get(name) ?? ''}${said}\n`);
  }
  return { epoch: epochOf(now), texts: [...byAuthor.values()].map((t) => t.slice(0, 20_000)) };
}

async function feed(address: string): Promise<Feed> {
  const r = await fetch(address, { ...BARE, mode: 'same-origin' });
  if (!r.ok) throw new Error(String(r.status));
  return (await r.json()) as Feed;
}
