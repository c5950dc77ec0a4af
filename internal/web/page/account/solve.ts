// One compression of SHA-256, for work only: it guards no secret, and the hall
// checks every answer. The whole message (salt, MAC, nonce) fits one block, so a
// try costs one compression, several times less than through a library.

const K = new Int32Array(64);
const H = new Int32Array(8);

for (let prime = 2, n = 0; n < 64; prime++) {
  let d = 2;
  while (d * d <= prime && prime % d) d++;
  if (d * d <= prime) continue;
  if (n < 8) H[n] = (Math.sqrt(prime) % 1) * 2 ** 32;
  K[n++] = (Math.cbrt(prime) % 1) * 2 ** 32;
}

const w = new Int32Array(64);

/** First 32 bits of the hash of the block in w[0..15]. */
function first(): number {
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15]!;
    const y = w[i - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
  }
  let a = H[0]!, b = H[1]!, c = H[2]!, d = H[3]!, e = H[4]!, f = H[5]!, g = H[6]!, h = H[7]!;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i]! + w[i]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  return (a + H[0]!) >>> 0;
}

/**
 * Tries count nonces from `from` on; the first that solves the token (its 42
 * bytes), or -1.
 */
export function attempt(token: Uint8Array, from: number, count: number): number {
  const view = new DataView(token.buffer, token.byteOffset + 10, 32);
  const limit = 2 ** (32 - token[1]!);
  w.fill(0);
  for (let i = 0; i < 8; i++) w[i] = view.getInt32(4 * i);
  w[10] = 1 << 31;
  w[15] = 40 * 8;
  for (let nonce = from; nonce < from + count; nonce++) {
    w[8] = nonce / 2 ** 32;
    w[9] = nonce;
    if (first() < limit) return nonce;
  }
  return -1;
}
