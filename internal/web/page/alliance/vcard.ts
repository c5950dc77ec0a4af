// Contact cards as files: vCards of any version are read, 4 and 3 are written. Only what a
// card here has is taken; what else stood in a file goes along as it came, to be saved again.
import { type Bytes, utf8 } from '../account/bytes.ts';

export const FIELDS = ['name', 'mail', 'phone', 'site', 'skills', 'zone', 'key', 'note'] as const;
export type Field = (typeof FIELDS)[number];

/** Values by field; one each of name, zone and note. */
export type Card = Partial<Record<Field, string[]>>;

export interface Read {
  card: Card;
  raw: string; // as it stood in the file
}

/** Why a file is no card, and at which line. */
export class BadCard extends Error {
  constructor(readonly line: number, readonly why: 'card_line' | 'card_begin' | 'card_end' | 'card_none' | 'card_large' | 'card_nameless') {
    super(`${line}: ${why}`);
  }
}

const PROPERTY: Record<Field, string> = { name: 'FN', mail: 'EMAIL', phone: 'TEL', site: 'URL', skills: 'CATEGORIES', zone: 'TZ', key: 'KEY', note: 'NOTE' };
const LARGEST = 5_000_000; // characters of a file
const LONGEST = 2000; // characters of a value that is kept
const MOST = 20; // values of a field

const escaped = (s: string): string => s.replace(/[\\,;]/g, '\\$&').replace(/\r\n|\r|\n/g, '\\n');
const plain = (s: string): string => s.replace(/\\([\s\S])/g, (_, c: string) => (c === 'n' || c === 'N' ? '\n' : c));

/** Folds a line at 75 bytes, between letters. */
function folded(line: string): string {
  let [out, width] = ['', 0];
  for (const c of line) {
    const n = utf8(c).length;
    if (width + n > 75) {
      out += '\r\n ';
      width = 1;
    }
    out += c;
    width += n;
  }
  return `${out}\r\n`;
}

/** Writes a card. */
export function write(card: Card, version: 4 | 3): string {
  const name = card.name?.[0] || card.mail?.[0] || card.phone?.[0] || '-';
  const lines = ['BEGIN:VCARD', `VERSION:${version}.0`, `FN:${escaped(name)}`];
  if (version === 3) lines.push(`N:${escaped(name)};;;;`);
  for (const f of FIELDS) {
    const values = (card[f] ?? []).filter(Boolean);
    if (f === 'name' || values.length === 0) continue;
    if (f === 'skills') lines.push(`CATEGORIES:${values.map(escaped).join(',')}`);
    else for (const v of values) lines.push(`${head(f, v, version)}:${f === 'site' || (f === 'key' && /^[a-z]+:/i.test(v)) ? v.replace(/[\r\n]/g, '') : escaped(v)}`);
  }
  return [...lines, 'END:VCARD'].map(folded).join('');
}

/** A property with what it needs beside its value. */
function head(f: Field, value: string, version: 4 | 3): string {
  if (f === 'key' && version === 4 && !/^[a-z]+:/i.test(value)) return 'KEY;VALUE=text';
  if (f === 'zone' && version === 3) return 'TZ;VALUE=text';
  return PROPERTY[f];
}

/** The text of a file, in the letters it was written in. */
function textOf(bytes: Bytes): string {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (a === 0xfe && b === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

interface Property {
  name: string;
  params: string[]; // upper case
  value: string;
}

const LINE = /^(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)((?:;(?:[^":;]|"[^"]*")*)*):([\s\S]*)$/;

function property(line: string, n: number): Property {
  const m = LINE.exec(line);
  if (!m) throw new BadCard(n, 'card_line');
  return { name: (m[1] ?? '').toUpperCase(), params: (m[2] ?? '').toUpperCase().split(';').slice(1), value: m[3] ?? '' };
}

const quoted = (p: Property): boolean => p.params.some((x) => x === 'QUOTED-PRINTABLE' || x === 'ENCODING=QUOTED-PRINTABLE');

/** What quoted-printable stands for. */
function unquoted(p: Property): string {
  const bytes: number[] = [];
  for (const m of p.value.matchAll(/=([0-9A-Fa-f]{2})|([\s\S])/g)) {
    if (m[1]) bytes.push(parseInt(m[1], 16));
    else bytes.push(...utf8(m[2] ?? ''));
  }
  const set = p.params.find((x) => x.startsWith('CHARSET='))?.slice(8).replace(/"/g, '');
  try {
    return new TextDecoder(set || 'utf-8').decode(new Uint8Array(bytes));
  } catch {
    return new TextDecoder().decode(new Uint8Array(bytes)); // letters that this browser does not know
  }
}

/** The lines of a file as they are meant: folded ones together, with the number of the first. */
function* meant(text: string): Generator<[number, string]> {
  const lines = text.split(/\r\n|\n|\r/);
  for (let i = 0; i < lines.length; ) {
    const n = i + 1;
    let line = lines[i++] ?? '';
    while (i < lines.length && /^[ \t]/.test(lines[i] ?? '')) line += (lines[i++] ?? '').slice(1);
    if (/^[^:]*QUOTED-PRINTABLE[^:]*:/i.test(line)) while (line.endsWith('=') && i < lines.length) line = line.slice(0, -1) + (lines[i++] ?? '').replace(/^[ \t]/, '');
    if (line.trim() !== '') yield [n, line];
  }
}

const FIELD = new Map(FIELDS.map((f) => [PROPERTY[f], f]));

/** A name from the parts of N: title, first, further, last, after. */
function nameOf(value: string): string {
  const parts = value.split(/(?<!\\);/).map((p) => plain(p.replace(/(?<!\\),/g, ' ')).trim());
  return [parts[3], parts[1], parts[2], parts[0], parts[4]].filter(Boolean).join(' ');
}

function take(card: Card, p: Property, spare: { name: string }): void {
  const value = quoted(p) ? unquoted(p) : p.value;
  if (p.name === 'N') spare.name ||= nameOf(value);
  if (p.name === 'ORG') spare.name ||= nameOf(`${value.split(/(?<!\\);/)[0] ?? ''}`);
  const f = FIELD.get(p.name);
  if (!f || (f === 'key' && p.params.some((x) => /^(ENCODING=)?(B|BASE64)$/.test(x)))) return;
  const list = f === 'skills' ? value.split(/(?<!\\),/) : [value];
  const has = card[f] ?? [];
  const most = f === 'name' || f === 'zone' || f === 'note' ? 1 : MOST;
  for (const v of list.map((x) => plain(x).replace(/\r\n?/g, '\n').trim().slice(0, LONGEST))) if (v && has.length < most && !has.includes(v)) has.push(v);
  if (has.length > 0) card[f] = has;
}

/** Reads all cards of a file. Fails with BadCard. */
export function read(bytes: Bytes): Read[] {
  const text = textOf(bytes).replace(/^\ufeff/, '');
  if (text.length > LARGEST) throw new BadCard(1, 'card_large');
  const all: Read[] = [];
  let [card, raw, begun, deep]: [Card | null, string, number, number] = [null, '', 0, 0];
  let spare = { name: '' };
  for (const [n, line] of meant(text)) {
    const p = property(line, n);
    const is = p.value.trim().toUpperCase() === 'VCARD';
    if (p.name === 'BEGIN' && is && card) deep++; // the card of an agent, inside
    else if (p.name === 'BEGIN' && is) [card, raw, begun, spare] = [{}, '', n, { name: '' }];
    if (!card) throw new BadCard(n, 'card_begin');
    raw += `${line}\n`;
    if (p.name === 'END' && is && deep > 0) deep--;
    else if (p.name === 'END' && is) {
      const name = card.name?.[0] || spare.name || card.mail?.[0] || card.phone?.[0];
      if (!name) throw new BadCard(begun, 'card_nameless');
      all.push({ card: { ...card, name: [name] }, raw });
      card = null;
    } else if (deep === 0) take(card, p, spare);
  }
  if (card) throw new BadCard(begun, 'card_end');
  if (all.length === 0) throw new BadCard(1, 'card_none');
  return all;
}

/** Of a card, the fields that somebody is given. */
export const only = (card: Card, fields: readonly string[]): Card => Object.fromEntries(Object.entries(card).filter(([f]) => fields.includes(f)));
