// The client's half of RFC 9474 (RSABSSA-SHA384-PSS-Randomized), on BigInt and
// WebCrypto. It is deterministic: prefix, salt and blinding come from the root.
import { type Bytes, concat, decode } from '../account/bytes.ts';
import { u32 } from './derive.ts';

const E = 65_537n;
const HASH = 48; // bytes of SHA-384
const SALT = 48;

/** The issuer's key was refused, or what it signed was not what was asked for. */
export class Broken extends Error {}

export interface IssuerKey {
  n: bigint;
  size: number; // bytes of n
  verifier: CryptoKey;
}

export interface Blinded {
  message: Bytes;
  request: Bytes; // what the issuer sees
  inverse: bigint;
}

export const toNumber = (b: Uint8Array): bigint => BigInt('0x' + Array.from(b, (x) => x.toString(16).padStart(2, '0')).join(''));

export function toBytes(x: bigint, size: number): Bytes {
  const hex = x.toString(16).padStart(2 * size, '0');
  return Uint8Array.from({ length: size }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

/**
 * Takes an issuer key, or fails with Broken: another exponent, size or parity
 * would be a channel by which a person can be marked.
 */
export async function issuerKey(n: string, e: number, bits: number): Promise<IssuerKey> {
  const b = decode(n);
  if (e !== Number(E) || !b || 8 * b.length !== bits || !((b[0] ?? 0) & 0x80) || !((b.at(-1) ?? 0) & 1)) throw new Broken('weak');
  const jwk = { kty: 'RSA', n, e: 'AQAB', ext: true };
  const verifier = await crypto.subtle.importKey('jwk', jwk, { name: 'RSA-PSS', hash: 'SHA-384' }, false, ['verify']);
  return { n: toNumber(b), size: b.length, verifier };
}

const sha384 = async (b: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest('SHA-384', b));

/** EMSA-PSS-ENCODE of RFC 8017, 9.1.1, for a modulus of exactly 8·size bits. */
async function encodePSS(message: Bytes, salt: Bytes, size: number): Promise<Bytes> {
  const hash = await sha384(concat(new Uint8Array(8), await sha384(message), salt));
  const db = new Uint8Array(size - HASH - 1);
  db.set([1, ...salt], db.length - SALT - 1);
  const masks = await Promise.all(Array.from({ length: Math.ceil(db.length / HASH) }, (_, i) => sha384(concat(hash, u32(i)))));
  const mask = concat(...masks);
  const masked = db.map((x, i) => x ^ (mask[i] ?? 0));
  masked[0] = (masked[0] ?? 0) & 0x7f;
  return concat(masked, hash, Uint8Array.of(0xbc));
}

/** x^65537 mod n. */
function power(x: bigint, n: bigint): bigint {
  let y = x;
  for (let i = 0; i < 16; i++) y = (y * y) % n;
  return (y * x) % n;
}

function inverse(a: bigint, n: bigint): bigint {
  let [r, s, t, u] = [n, a % n, 0n, 1n];
  while (s) {
    const q = r / s;
    [r, s, t, u] = [s, r - q * s, u, t - q * u];
  }
  if (r !== 1n) throw new Broken('blind'); // a factor of n was met: the key is broken
  return t < 0n ? t + n : t;
}

/**
 * Blinds messages, each with its salt and blinding. All share one inversion
 * (Montgomery's trick); that it exists shows every r and m to be coprime to n.
 */
export async function blind(key: IssuerKey, asked: { message: Bytes; salt: Bytes; blind: Bytes }[]): Promise<Blinded[]> {
  const { n, size } = key;
  const rows = await Promise.all(asked.map(async (a) => {
    const m = toNumber(await encodePSS(a.message, a.salt, size));
    const r = 1n + (toNumber(a.blind) % (n - 1n));
    return { message: a.message, m, r, request: toBytes((m * power(r, n)) % n, size) };
  }));
  const before: bigint[] = [];
  let product = 1n;
  for (const { m, r } of rows) {
    before.push(product);
    product = (((product * m) % n) * r) % n;
  }
  let rest = inverse(product, n); // of the product of all rows up to i
  const blinded: Blinded[] = [];
  for (let i = rows.length - 1; i >= 0; i--) {
    const { m, r, message, request } = rows[i] as (typeof rows)[number];
    const one = (rest * (before[i] ?? 1n)) % n; // 1/(m·r)
    blinded.unshift({ message, request, inverse: (one * m) % n });
    rest = (((rest * m) % n) * r) % n;
  }
  return blinded;
}

/** Takes the blinding off and checks the signature. A bad one fails with Broken; asking again would not mend it. */
export async function finalize(key: IssuerKey, b: Blinded, answer: Bytes): Promise<Bytes> {
  const z = answer.length === key.size ? toNumber(answer) : key.n;
  if (z >= key.n) throw new Broken('answer');
  const signature = toBytes((z * b.inverse) % key.n, key.size);
  const right = await crypto.subtle.verify({ name: 'RSA-PSS', saltLength: SALT }, key.verifier, signature, b.message);
  if (!right) throw new Broken('answer');
  return signature;
}

