// A platform's mail, shown to the safe origin in one visit and used in another,
// so that nothing ties the mail to the account it vouches for (docs/PASSES.md).
import { type Bytes, concat, encode, utf8 } from '../account/bytes.ts';
import { ask, Refused } from '../account/element.ts';
import { epochOfDay } from './calendar.ts';
import { mailSeed } from './derive.ts';
import type { Held } from './held.ts';
import type { Issuers } from './issuer.ts';
import { receive, requestMail } from './pass.ts';
import { signer } from './signer.ts';
import { Away, BARE, MOST, STEP } from './visit.ts';

const ROW = 'mail';

/** A mail that was shown, and the day (UTC) of that. */
export interface Proof {
  day: number;
  epoch: number;
  prefix: string;
  key: string;
  signature: string;
}

/** What is kept of a mail that was shown and not used yet. */
export const shown = (rows: Held): Promise<Proof | null> => rows.get<Proof>(ROW);

/** A mail that is larger than anything the hall takes. */
export class TooLarge extends Error {}

/** Shows a mail, as it was saved, at the safe origin; nothing of the account goes along. */
export async function showMail(root: Bytes, rows: Held, issuers: Issuers, safe: string, mail: Bytes, day: number): Promise<void> {
  const epoch = epochOfDay(day);
  const slot = { purpose: 'mail' as const, space: '', epoch };
  const [issuer, key] = await Promise.all([issuers.key(slot), mailSeed(root, epoch).then(signer)]);
  const request = await requestMail(root, slot, issuer);
  const json = utf8(JSON.stringify({ epoch, blinded: encode(request.blinded.request), mail: encode(mail) }));
  const size = Math.ceil(json.length / STEP) * STEP;
  if (size > MOST) throw new TooLarge();
  const body = concat(json, new Uint8Array(size - json.length).fill(0x20));
  let r: Response;
  try {
    r = await fetch(`${safe}/mail`, { ...BARE, method: 'POST', headers: { 'Content-Type': 'text/plain' }, body });
  } catch {
    throw new Away();
  }
  const said = (await r.json().catch(() => ({}))) as { signature?: string; message?: string };
  if (!r.ok) throw said.message ? new Refused(said.message) : new Away();
  const [pass] = await receive([request], issuer, [said.signature ?? '']);
  if (!pass) throw new Away();
  await rows.put(ROW, { day, epoch, prefix: pass.prefix, key: encode(key.key), signature: pass.signature } satisfies Proof);
}

/** Lets a mail that was shown vouch for the account that is signed in. */
export async function useMail(rows: Held, proof: Proof): Promise<void> {
  await ask('/me/mail', { epoch: proof.epoch, prefix: proof.prefix, key: proof.key, signature: proof.signature });
  await rows.drop(ROW);
}
