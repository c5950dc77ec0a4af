// Two who write to each other lift their masks to each other: each says first, sealed, which mask
// she will show, and shows it when the other has said so too. Nobody beside them learns of it, and
// the other believes it without being able to prove it to a third.
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { type Bytes, concat, decode, encode, same } from '../account/bytes.ts';
import { derive, sha256 } from '../account/derive.ts';
import { joined, maskSeed } from '../space/derive.ts';
import type { Deed, Line } from './content.ts';

const BY = 'guildhall/messages/lift/1';

/** Which lifting it is, and between whom; mine are the parts of whoever holds this device. */
export interface Between {
  talk: string;
  lift: string; // the proposal's own name for it
  space: string;
  me: string; // face
  other: string;
}

type Vow = { hash: string; fresh: string };
type Shown = { key: string; nonce: string; proof: string };

/** What both have said of the newest proposal. */
export interface Lift extends Between {
  mine: boolean; // who holds this device has proposed it
  over: boolean; // one has taken it back, or said no, before anything was shown
  vows: Record<string, Vow>; // by face
  shown: Record<string, Shown>;
}

/** Both secrets come of the root, so that each of her devices has them and none keeps them. */
async function secrets(root: Bytes, b: Between): Promise<{ nonce: Bytes; fresh: Bytes }> {
  const of = (what: string): Promise<Bytes> => derive(root, `messages lift ${what} ${b.talk} ${b.lift}`);
  return { nonce: await of('nonce'), fresh: await of('fresh') };
}

const vowed = async (b: Between, from: string, to: string, key: Uint8Array, nonce: Uint8Array): Promise<string> =>
  encode(await sha256(joined(BY, 'vow', b.talk, b.lift, b.space, from, to, concat(key, nonce))));

/** A word of the mask's owner to the other alone: its key is shared by mask and the other's fresh one, so the other could have written it herself. */
async function proof(b: Between, from: string, to: string, shared: Uint8Array, key: Uint8Array): Promise<Bytes> {
  const mac = await crypto.subtle.importKey('raw', new Uint8Array(shared), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', mac, joined(BY, 'proof', b.talk, b.lift, b.space, from, to, key)));
}

/** The mask number n of a space, by its keys. */
async function maskKeys(root: Bytes, space: string, n: number): Promise<{ seed: Bytes; key: Bytes }> {
  const seed = await maskSeed(root, space, n);
  return { seed, key: new Uint8Array(ed25519.getPublicKey(seed)) };
}

export const maskKey = async (root: Bytes, space: string, n: number): Promise<Bytes> => (await maskKeys(root, space, n)).key;

/** Says, sealed, which mask one will show. */
export async function vow(root: Bytes, b: Between, n: number): Promise<Vow> {
  const { nonce, fresh } = await secrets(root, b);
  return { hash: await vowed(b, b.me, b.other, await maskKey(root, b.space, n), nonce), fresh: encode(x25519.getPublicKey(fresh)) };
}

/** Shows the mask that was vowed, among the first of hers up to n; null when it is none of them. */
export async function show(root: Bytes, l: Lift, upTo: number): Promise<Shown | null> {
  const [mine, theirs] = [l.vows[l.me], decode(l.vows[l.other]?.fresh ?? '')];
  const { nonce } = await secrets(root, l);
  for (let n = upTo; mine && theirs?.length === 32 && n >= 0; n--) {
    const { seed, key } = await maskKeys(root, l.space, n);
    if ((await vowed(l, l.me, l.other, key, nonce)) !== mine.hash) continue;
    const shared = x25519.getSharedSecret(ed25519.utils.toMontgomerySecret(seed), theirs);
    return { key: encode(key), nonce: encode(nonce), proof: encode(await proof(l, l.me, l.other, shared, key)) };
  }
  return null;
}

/** The key of the mask that the other has shown, when it is the one she vowed and hers; else null. */
export async function seen(root: Bytes, l: Lift): Promise<Bytes | null> {
  const [v, s] = [l.vows[l.other], l.shown[l.other]];
  const [key, nonce, said] = [decode(s?.key ?? ''), decode(s?.nonce ?? ''), decode(s?.proof ?? '')];
  if (!v || key?.length !== 32 || nonce?.length !== 32 || !said) return null;
  if ((await vowed(l, l.other, l.me, key, nonce)) !== v.hash) return null;
  try {
    const { fresh } = await secrets(root, l);
    const shared = x25519.getSharedSecret(fresh, ed25519.utils.toMontgomery(key));
    return same(await proof(l, l.other, l.me, shared, key), said) ? key : null;
  } catch {
    return null; // no point of the curve, or one that shares nothing
  }
}

/** What the lines of a conversation of two say of the newest proposal. */
export function latest(lines: Line[], talk: string, me: string, other: string): Lift | null {
  let l = null as Lift | null;
  for (const d of lines) {
    if ((d.from !== me && d.from !== other) || (d.t !== 'lift' && d.t !== 'lifted' && d.t !== 'unlift')) continue;
    if (d.t === 'lift' && d.lift !== l?.lift) {
      const { lift, space } = d;
      l = { talk, lift, space, me, other, mine: d.from === me, over: false, vows: {}, shown: {} };
    }
    if (d.lift !== l?.lift) continue;
    const quiet = Object.keys(l.shown).length === 0;
    if (d.t === 'lift' && d.space === l.space && !l.over) l.vows[d.from] ??= { hash: d.hash, fresh: d.fresh };
    if (d.t === 'unlift' && quiet) l.over = true;
    if (d.t === 'lifted' && !l.over && l.vows[me] && l.vows[other]) l.shown[d.from] ??= { key: d.key, nonce: d.nonce, proof: d.proof };
  }
  return l;
}

/** Where a lifting stands, for whoever holds this device. */
export type Stand = 'none' | 'proposed' | 'asked' | 'over' | 'show' | 'awaits' | 'both' | 'false';

/**
 * What is next. Who has proposed shows first, when the other has vowed; the other when what came is what was vowed. False is what
 * is not: then nothing is shown any more.
 */
export function stand(l: Lift | null, theirs: Bytes | null): Stand {
  if (!l) return 'none';
  if (l.over) return 'over';
  if (!l.vows[l.other] || !l.vows[l.me]) return l.mine ? 'proposed' : 'asked';
  if (l.shown[l.other] && !theirs) return 'false';
  if (l.shown[l.me]) return theirs ? 'both' : 'awaits';
  return l.mine || theirs ? 'show' : 'awaits';
}

export type LiftDeed = Extract<Deed, { t: 'lift' | 'lifted' | 'unlift' }>;
