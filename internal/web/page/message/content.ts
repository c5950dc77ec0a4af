// What a message says, once it is open: written by one browser, read by another. What
// does not have this form is not shown.
import { type Bytes, utf8 } from '../account/bytes.ts';
import { type FileInfo, readInfo } from './info.ts';

export const REACTIONS = ['👍', '❤️', '😄', '😮', '🙏'];
export const LONGEST = 8000; // characters
const NAME = 80; // characters of a room's name
export const DAYS = [0, 1, 7, 30];

/** Words with which somebody speaks, and her signature under them (said.ts). */
export interface Words {
  at: number;
  text: string;
  file?: FileInfo;
  said?: string;
}

/** A deed in a conversation. id is the sender's own name for it; of names what it is about. */
export type Deed = { id: string; at: number } & (
  | { t: 'text'; text: string; to?: string; reads: boolean; file?: FileInfo; days?: number; said?: string } // reads: the sender allows read marks; days: after which each device deletes it
  | { t: 'edit'; of: string; text: string; days?: number; said?: string }
  | { t: 'days'; days: number } // after which what is written from here on goes; 0: it stays
  | { t: 'gone'; of: string }
  | { t: 'react'; of: string; with: string } // empty: taken back
  | { t: 'read'; of: string }
  | { t: 'got'; of: string } // it is on a device of whoever says so
  | { t: 'name'; name: string } // of a room
  | { t: 'lift'; lift: string; space: string; hash: string; fresh: string } // proposes, or agrees, that both lift their masks to each other: hash says sealed which (lift.ts)
  | { t: 'lifted'; lift: string; key: string; nonce: string; proof: string } // shows it
  | { t: 'unlift'; lift: string } // takes it back, or says no
  | { t: 'call'; call: string; key: string } // its sender calls; key seals what is said, and is not kept with the line
);

/** One line of a conversation, as this device keeps it. */
export type Line = { n: number; from: string; until?: number } & (Deed | { id: string; at: number; t: 'devices' | 'unread' | 'joined' | 'gap' } | { id: string; at: number; t: 'came' | 'went'; who: string });

export const writeDeed = (d: Deed): Bytes => utf8(JSON.stringify(d));

const fading = (x: unknown): { days?: number } => (DAYS.includes(x as number) && x !== 0 ? { days: x as number } : {});

/** A deed as a line that is kept: what is to go says when, by the clock of this device. */
export function lineOf(d: Deed, n: number, from: string): Line {
  const days = (d.t === 'text' || d.t === 'edit') && d.days;
  if (d.t === 'call') return { ...d, key: '', n, from };
  return { ...d, n, from, ...(days ? { until: Date.now() + days * 86_400_000 } : {}) };
}

/** A line of which only that it was is left. */
function wordless(l: Line & { t: 'text' | 'edit' }): Line {
  const { said: _, ...bare } = l;
  if (bare.t === 'edit') return { ...bare, text: '' };
  const { file: __, ...rest } = bare;
  return { ...rest, text: '' };
}

/**
 * What is written for a line that deletes or changes a text: itself, and the records of the words that its author takes back by
 * it, without them. The rest of a text goes with the words that it has now.
 */
export function rewritten(kept: [string, Line][], name: string, line: Line & { t: 'gone' | 'edit' }): Record<string, Line> {
  const out: Record<string, Line> = { [name]: line };
  for (const [n, l] of kept) {
    if (l.from !== line.from || n === name) continue;
    if (l.t === 'gone' && l.of === line.of && line.t === 'edit') out[name] = wordless(line); // it is deleted already
    if (l.t === 'edit' && l.of === line.of) out[n] = wordless(l);
    if (l.t !== 'text' || l.id !== line.of) continue;
    const until = Math.min(l.until ?? Infinity, line.until ?? Infinity);
    const { said: _, ...rest } = l;
    out[n] = line.t === 'gone' ? wordless(l) : { ...rest, text: '', ...(until < Infinity ? { until } : {}) };
  }
  return out;
}

const proof = (x: unknown): { said?: string } => (word(x, 90) ? { said: x } : {});

const word = (x: unknown, most: number, least = 1): x is string => typeof x === 'string' && x.length <= most && x.length >= least;

/** Reads what another browser has written; null for anything else. */
export function readDeed(b: Bytes): Deed | null {
  try {
    const d = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(b)) as Record<string, unknown>;
    if (!word(d['id'], 40) || typeof d['at'] !== 'number') return null;
    const base = { id: d['id'], at: d['at'] };
    const of = d['of'];
    switch (d['t']) {
      case 'text': {
        const file = readInfo(d['file']);
        if (!word(d['text'], LONGEST, file ? 0 : 1)) return null;
        return { ...base, t: 'text', text: d['text'], reads: d['reads'] === true, ...(word(d['to'], 40) ? { to: d['to'] } : {}), ...(file ? { file } : {}), ...fading(d['days']), ...proof(d['said']) };
      }
      case 'edit':
        return word(of, 40) && word(d['text'], LONGEST) ? { ...base, t: 'edit', of, text: d['text'], ...fading(d['days']), ...proof(d['said']) } : null;
      case 'days':
        return DAYS.includes(d['days'] as number) ? { ...base, t: 'days', days: d['days'] as number } : null;
      case 'name':
        return word(d['name'], NAME) ? { ...base, t: 'name', name: d['name'] } : null;
      case 'call':
        return word(d['call'], 40) && word(d['key'], 43, 43) ? { ...base, t: 'call', call: d['call'], key: d['key'] } : null;
      case 'lift':
      case 'lifted':
      case 'unlift':
        return readLift(base, d);
      case 'gone':
      case 'got':
      case 'read':
        return word(of, 40) ? { ...base, t: d['t'], of } : null;
      case 'react':
        return word(of, 40) && (d['with'] === '' || REACTIONS.includes(String(d['with']))) ? { ...base, t: 'react', of, with: String(d['with']) } : null;
    }
  } catch {
    // not ours
  }
  return null;
}

function readLift(base: { id: string; at: number }, d: Record<string, unknown>): Deed | null {
  const { t, lift, space, hash, fresh, key, nonce, proof } = d;
  const secret = (x: unknown): x is string => word(x, 43, 43); // 32 bytes
  if (!word(lift, 40)) return null;
  if (t === 'lift') return word(space, 80) && secret(hash) && secret(fresh) ? { ...base, t, lift, space, hash, fresh } : null;
  if (t === 'lifted') return secret(key) && secret(nonce) && secret(proof) ? { ...base, t, lift, key, nonce, proof } : null;
  return { ...base, t: 'unlift', lift };
}

/** A message as it is shown. */
export interface Shown {
  id: string;
  n: number; // Infinity: not with the hall yet
  from: string;
  at: number;
  kind: 'text' | 'gone' | 'devices' | 'unread' | 'joined' | 'gap' | 'came' | 'went' | 'name' | 'days' | 'call' | 'lift' | 'unlift';
  text: string;
  edited: boolean;
  to: string;
  reactions: Record<string, string>; // by whom
  file?: FileInfo;
  days?: number; // after which it goes
  spoken?: Words; // what its author has signed, as it is shown now
}

export interface View {
  shown: Shown[];
  reads: Record<string, number>; // up to which place each has read
  got: Record<string, number>; // up to which place it is on a device of each
  allows: Record<string, boolean>; // who lately allowed read marks
  days: number; // after which what is written now goes
}

/** Lines, in the order of the conversation, as they are shown. Nobody changes what another wrote. */
export function view(lines: Line[]): View {
  const shown: Shown[] = [];
  const by = new Map<string, Shown>();
  const v: View = { shown, reads: {}, got: {}, allows: {}, days: 0 };
  let name = '';
  const lifts = new Set<string>();
  const tell = (l: Line, kind: Shown['kind'], text = ''): void => {
    shown.push({ id: `${kind}${l.n}`, n: l.n, from: l.from, at: l.at, kind, text, edited: false, to: '', reactions: {} });
  };
  for (const l of lines) {
    if (l.until && l.until <= Date.now()) continue; // its time is over
    const of = 'of' in l ? by.get(l.of) : undefined;
    const own = of?.from === l.from && of.kind === 'text' ? of : undefined;
    if (l.t === 'edit' && own) {
      own.text = l.text;
      own.edited = true;
      own.spoken = l;
    } else if (l.t === 'gone' && own) {
      own.kind = 'gone';
      own.text = '';
      own.reactions = {};
      delete own.file;
      delete own.spoken;
    } else if (l.t === 'react' && of?.kind === 'text') {
      if (l.with) of.reactions[l.from] = l.with;
      else delete of.reactions[l.from];
    } else if (l.t === 'got' && of) {
      v.got[l.from] = Math.max(v.got[l.from] ?? 0, of.n);
    } else if (l.t === 'read' && of) {
      v.reads[l.from] = Math.max(v.reads[l.from] ?? 0, of.n);
    } else if ('text' in l && l.t === 'text') {
      v.allows[l.from] = l.reads;
      if (by.has(l.id)) continue; // the same again
      const s: Shown = { id: l.id, n: l.n, from: l.from, at: l.at, kind: 'text', text: l.text, edited: false, to: l.to ?? '', reactions: {}, ...(l.file ? { file: l.file } : {}), ...(l.days ? { days: l.days } : {}), spoken: l };
      by.set(l.id, s);
      shown.push(s);
    } else if (l.t === 'name') {
      if (l.name !== name) tell(l, 'name', (name = l.name)); // newcomers are told it again
    } else if (l.t === 'days') {
      if (l.days !== v.days) tell(l, 'days', String((v.days = l.days)));
    } else if (l.t === 'lift' && !lifts.has(l.lift)) {
      lifts.add(l.lift); // who agrees says nothing new
      tell(l, 'lift');
    } else if (l.t === 'unlift') {
      tell(l, 'unlift');
    } else if (l.t === 'call') {
      tell(l, 'call');
    } else if (l.t === 'came' || l.t === 'went') {
      tell(l, l.t, l.who);
    } else if (l.t === 'devices' || l.t === 'unread' || l.t === 'joined' || l.t === 'gap') {
      tell(l, l.t);
    }
  }
  return v;
}
