// Everything that a pass or a mask needs is derived from the root, so that a
// lost answer, a second device and a crash give the same request again.
// docs/PASSES.md fixes every byte.
import { type Bytes, concat, utf8 } from '../account/bytes.ts';

const SALT = utf8('guildhall/passes/1');
const NUL = new Uint8Array(1);

export type Purpose = 'right' | 'read' | 'mail' | 'consultation';

/** What one issuer key is for. */
export interface Slot {
  purpose: Purpose;
  space: string; // empty for the hall's own; of a consultation its id
  epoch: number;
}

export const u32 = (x: number): Bytes => {
  const b = new Uint8Array(4);
  new DataView(b.buffer).setUint32(0, x);
  return b;
};

/** Joins texts and bytes with a zero byte between them. */
export function joined(...parts: (string | Uint8Array)[]): Bytes {
  return concat(...parts.flatMap((p, i) => [...(i ? [NUL] : []), typeof p === 'string' ? utf8(p) : p]));
}

/** HKDF-SHA-256 over the root: length bytes for one use. */
export async function hkdf(root: Bytes, info: Bytes, length: number): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', root, 'HKDF', false, ['deriveBits']);
  const params = { name: 'HKDF', hash: 'SHA-256', salt: SALT, info };
  return new Uint8Array(await crypto.subtle.deriveBits(params, key, 8 * length));
}

const at = (s: Slot, i: number): Bytes => joined(s.purpose, s.space, concat(u32(s.epoch), u32(i)));

/** Prefix, salt and blinding of one pass. */
export interface Blinding {
  prefix: Bytes; // 32
  salt: Bytes; // 48
  blind: Bytes; // as long as n and 16 more
}

export async function blinding(root: Bytes, slot: Slot, i: number, size: number): Promise<Blinding> {
  const b = await hkdf(root, joined('pass', at(slot, i)), 32 + 48 + size + 16);
  return { prefix: b.slice(0, 32), salt: b.slice(32, 80), blind: b.slice(80) };
}

/** Ed25519 seeds. Mask 0 is the seat's; each renewal counts one up. */
export const maskSeed = (root: Bytes, space: string, n: number): Promise<Bytes> => hkdf(root, joined('mask', space, u32(n)), 32);
export const readSeed = (root: Bytes, slot: Slot, i: number): Promise<Bytes> => hkdf(root, joined('read', at(slot, i)), 32);
export const mailSeed = (root: Bytes, epoch: number): Promise<Bytes> => hkdf(root, joined('mail', u32(epoch)), 32);
export const consultationSeed = (root: Bytes, id: string): Promise<Bytes> => hkdf(root, joined('consultation', id), 32);
export const requestSeed = (root: Bytes): Promise<Bytes> => hkdf(root, utf8('request'), 32);
export const deviceKey = (root: Bytes): Promise<Bytes> => hkdf(root, utf8('device'), 32);
