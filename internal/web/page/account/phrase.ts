// The phrase: seven words of 2,048. It is made here, read here, and never sent.
import { type Bytes, encode, random } from './bytes.ts';
import { derive, sha256, stretch } from './derive.ts';

export const WORDS = 7;

export type List = readonly string[];

/** Fetches the list: only pages that make or read a phrase pay for it. */
export const wordList = async (): Promise<List> => (await import('@scure/bip39/wordlists/english.js')).wordlist;

/** Draws seven words, each alone and all alike: 77 bits. */
export function drawPhrase(list: List, draw: (n: number) => Bytes = random): string[] {
  const d = draw(2 * WORDS);
  return Array.from({ length: WORDS }, (_, i) => list[(((d[2 * i] ?? 0) << 8) | (d[2 * i + 1] ?? 0)) & 2047] ?? '');
}

export interface Reading {
  words: string[]; // as the list has them; the typed ones where it has not
  unknown: { place: number; typed: string }[]; // places count from 1
}

/**
 * Reads what a person typed: case, accents, numbers and separators are forgiven,
 * and four letters stand for a word. It says which word is in no list, and never
 * which word is wrong: nobody knows that.
 */
export function readPhrase(typed: string, list: List): Reading {
  const parts = typed.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().split(/\P{L}+/u).filter(Boolean);
  const unknown: Reading['unknown'] = [];
  const words = parts.map((part, i) => {
    const word = find(part, list);
    if (!word) unknown.push({ place: i + 1, typed: part });
    return word ?? part;
  });
  return { words, unknown };
}

function find(part: string, list: List): string | undefined {
  if (list.includes(part)) return part;
  const begun = part.length >= 4 ? list.filter((w) => w.startsWith(part)) : [];
  return begun.length === 1 ? begun[0] : undefined;
}

export interface PhraseKeys {
  login: string; // signs in
  kek: Bytes; // opens the vault
}

/** Derives what the phrase is for. Slow on purpose. */
export async function phraseKeys(words: string[]): Promise<PhraseKeys> {
  const seed = await stretch(words.join(' '));
  return { login: encode(await derive(seed, 'login')), kek: await derive(seed, 'vault') };
}

/** What the hall keeps of a login. */
export async function loginHash(login: Bytes): Promise<string> {
  return encode(await sha256(login));
}
