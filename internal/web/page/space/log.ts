// The reader's half of the public log: an entry stands in it when its path leads
// to the root that the log's key has signed. Formats: RFC 6962 (proof as checked
// in RFC 9162, 2.1.3.2), C2SP signed-note and tlog-checkpoint.
import { type Bytes, concat, decode, same, utf8 } from '../account/bytes.ts';
import { sha256 } from '../account/derive.ts';

/** What /log/proof answers. */
export interface Proof {
  index: number;
  entry: string;
  proof: string[];
  checkpoint: string;
}

export interface Head {
  size: number;
  root: Bytes;
}

/** The log, or what was said of it, is not as it should be. */
export class Unproved extends Error {}

function insist(sound: unknown, why: string): asserts sound {
  if (!sound) throw new Unproved(why);
}

const base64 = (s = ''): Bytes => decode(s.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')) ?? new Uint8Array();

/** The head that a checkpoint gives, once its signature by the log's key is verified. */
export async function head(checkpoint: string, key: string): Promise<Head> {
  const [name = '', id = '', ...rest] = key.split('+');
  const k = base64(rest.join('+'));
  insist(k.length === 33 && k[0] === 1, 'key');
  const end = checkpoint.lastIndexOf('\n\n') + 1;
  const signed = checkpoint.slice(0, end);
  const line = checkpoint.slice(end).split('\n').find((l) => l.startsWith(`— ${name} `)) ?? '';
  const signature = base64(line.split(' ')[2]);
  const hex = Array.from(signature.slice(0, 4), (x) => x.toString(16).padStart(2, '0')).join('');
  const verifier = await crypto.subtle.importKey('raw', k.slice(1), 'Ed25519', false, ['verify']);
  insist(hex === id && (await crypto.subtle.verify('Ed25519', verifier, signature.slice(4), utf8(signed))), 'signature');
  const [origin, size = '', root] = signed.split('\n');
  const h = { size: Number(size), root: base64(root) };
  insist(origin === name && String(h.size) === size && Number.isSafeInteger(h.size) && h.size >= 0 && h.root.length === 32, 'checkpoint');
  return h;
}

const node = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(concat(Uint8Array.of(1), left, right));

/** Fails with Unproved unless the entry stands at its index under the signed head, which it gives. */
export async function inLog(p: Proof, key: string): Promise<Head> {
  const h = await head(p.checkpoint, key);
  insist(Number.isSafeInteger(p.index) && p.index >= 0 && p.index < h.size, 'index');
  let hash = await sha256(concat(Uint8Array.of(0), utf8(p.entry)));
  let [at, last] = [p.index, h.size - 1];
  for (const step of p.proof.map(base64)) {
    insist(last > 0, 'path');
    const left = at % 2 === 1 || at === last;
    hash = left ? await node(step, hash) : await node(hash, step);
    while (left && at % 2 === 0 && at > 0) [at, last] = [at / 2, Math.floor(last / 2)];
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  insist(last === 0 && same(hash, h.root), 'path');
  return h;
}
