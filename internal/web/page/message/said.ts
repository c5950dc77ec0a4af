// That words are their author's: signed inside what is sealed, so that one message can be
// shown to stewards who believe it, and nothing else with it. Whoever reads a text without
// that does not show it, or its author could say what nobody can report.
import { p256 } from '@noble/curves/nist.js';
import { type Bytes, decode, encode, utf8 } from '../account/bytes.ts';
import type { Deed, Words } from './content.ts';
import type { FileInfo } from './info.ts';
import type { Identity } from './identity.ts';

const SAID = 'guildhall/messages/said/1';
const DAY = 86_400_000;

/** One message, as the hall is shown it. */
export interface Spoken {
  day: number;
  words: string;
  file_name: string;
  file_size: number;
  file_seal: string;
  proof: string;
}

/** A hash that names a file and its key, and gives neither. */
async function sealOf(f: FileInfo): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(`${f.id}\0${f.key}`)));
  return Array.from(sum, (b) => b.toString(16).padStart(2, '0')).join('');
}

/** What of a message is signed, and is shown when it is reported. */
export async function spoken(w: Words): Promise<Spoken> {
  const f = w.file;
  return {
    day: Math.floor(w.at / DAY), words: w.text, proof: w.said ?? '',
    file_name: f?.name ?? '', file_size: f?.size ?? 0, file_seal: f ? await sealOf(f) : '',
  };
}

/** The same bytes that the hall makes of it (message/disclose.go). */
const signed = (s: Spoken): Bytes => utf8([SAID, String(s.day), s.file_seal, s.file_seal ? String(s.file_size) : '', s.file_name, s.words].join('\0'));

/** A deed with its author's signature, if it has words. */
export async function withProof(d: Deed, i: Identity): Promise<Deed> {
  if (d.t !== 'text' && d.t !== 'edit') return d;
  return { ...d, said: encode(new Uint8Array(p256.sign(signed(await spoken(d)), i.secret))) };
}

/** Whether the owner of the identity has signed the words of a deed, such that the hall would believe it. */
export async function proves(d: Deed, identity: Bytes): Promise<boolean> {
  if (d.t !== 'text' && d.t !== 'edit') return true;
  const proof = decode(d.said ?? '');
  const s = await spoken(d);
  if (proof?.length !== 64 || d.text.includes('\0') || s.day < 0 || s.day > Math.floor(Date.now() / DAY) + 1) return false;
  try {
    return p256.verify(proof, signed(s), identity);
  } catch {
    return false;
  }
}
