// Passes: made of the root, signed blindly by the hall, shown by nobody who can
// be told by them.
import { type Bytes, concat, decode, encode } from '../account/bytes.ts';
import { sha256 } from '../account/derive.ts';
import { type Blinded, blind, Broken, finalize, type IssuerKey } from './blind.ts';
import { blinding, consultationSeed, joined, mailSeed, maskSeed, readSeed, requestSeed, type Slot, u32 } from './derive.ts';
import { signer, type Signer } from './signer.ts';

export const READS = 28;

/** A pass as a visit carries it. */
export interface Pass {
  purpose: string;
  epoch: number;
  prefix: string;
  signature: string;
}

/** A pass on its way to the issuer. */
export interface Request {
  slot: Slot;
  prefix: Bytes;
  blinded: Blinded;
}

export const passMessage = (slot: Slot, prefix: Bytes, key: Bytes): Bytes => concat(prefix, joined(slot.purpose, key));

/** By what a pass is known to be spent. */
export const spendId = async (message: Bytes): Promise<string> =>
  encode((await sha256(joined('guildhall/passes/1/spend', message))).slice(0, 16));

/** The request for mask n, the seat's right when n is 0 and a renewal's otherwise; or for the pass to a consultation. */
export async function requestRight(root: Bytes, slot: Slot, n: number, issuer: IssuerKey): Promise<Request> {
  const seed = slot.purpose === 'right' ? maskSeed(root, slot.space, n) : consultationSeed(root, slot.space);
  return (await request(root, slot, [0], issuer, () => seed))[0] as Request;
}

/** The requests for an epoch's days of reading, numbered from a number on: 0 for the account's, firstOfMask for a mask's. */
export const requestReads = (root: Bytes, slot: Slot, issuer: IssuerKey, from = 0): Promise<Request[]> =>
  request(root, slot, Array.from({ length: READS }, (_, i) => from + i), issuer, (i) => readSeed(root, slot, i));

/** No mask asks for what the account or another of its owner's masks asks for: the hall would know the request again. */
export const firstOfMask = (n: number): number => READS * (n + 1);

/** The request for the epoch's mail pass. */
export async function requestMail(root: Bytes, slot: Slot, issuer: IssuerKey): Promise<Request> {
  const made = await request(root, slot, [0], issuer, () => mailSeed(root, slot.epoch));
  return made[0] as Request;
}

async function request(root: Bytes, slot: Slot, places: number[], issuer: IssuerKey, seed: (i: number) => Promise<Bytes>): Promise<Request[]> {
  const rows = await Promise.all(places.map(async (i) => {
    const [drawn, of] = await Promise.all([blinding(root, slot, i, issuer.size), seed(i).then(signer)]);
    return { ...drawn, message: passMessage(slot, drawn.prefix, of.key) };
  }));
  return (await blind(issuer, rows)).map((blinded, i) => ({ slot, prefix: rows[i]?.prefix as Bytes, blinded }));
}

/** Makes passes of the issuer's answers, in their order. */
export function receive(requests: Request[], issuer: IssuerKey, answers: string[]): Promise<Pass[]> {
  if (answers.length !== requests.length) throw new Broken('answer');
  return Promise.all(requests.map(async (r, i) => ({
    purpose: r.slot.purpose, epoch: r.slot.epoch, prefix: encode(r.prefix),
    signature: encode(await finalize(issuer, r.blinded, decode(answers[i] ?? '') ?? new Uint8Array())),
  })));
}

/** The body of POST /me/passes, signed by the account's request key. */
export async function serveBody(root: Bytes, space: string, epoch: number, right: Request | null, read: Request[]): Promise<object> {
  const asked = [...(right ? [right] : []), ...read].map((r) => r.blinded.request);
  const by: Signer = await signer(await requestSeed(root));
  const said = joined('guildhall/passes/1/serve', space, concat(u32(epoch), await sha256(concat(...asked))));
  return {
    space, epoch, right: right ? encode(right.blinded.request) : '', read: read.map((r) => encode(r.blinded.request)),
    signature: encode(await by.sign(said)),
  };
}

/** What joining gives the hall of the key that signs for passes; empty where the browser has no Ed25519. */
export const requestKey = (root: Bytes): Promise<string> =>
  requestSeed(root).then(signer).then((s) => encode(s.key), () => '');

