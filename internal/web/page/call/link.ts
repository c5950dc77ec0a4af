// The keys of call links. Each is made of the root and the number of its link, so that all
// devices of their owner have it, and nobody else.
import { p256 } from '@noble/curves/nist.js';
import { type Bytes, concat, encode } from '../account/bytes.ts';
import { derive } from '../account/derive.ts';

const USE = 'call link';
const ECDH = { name: 'ECDH', namedCurve: 'P-256' };

export interface LinkKeys {
  pair: CryptoKeyPair;
  public: Bytes;
}

export async function linkKeys(root: Bytes, id: string): Promise<LinkKeys> {
  const seed = concat(await derive(root, `${USE} ${id}`), await derive(root, `${USE} ${id} 2`)).slice(0, 48);
  const secret = new Uint8Array(p256.utils.randomSecretKey(seed));
  const point = new Uint8Array(p256.getPublicKey(secret, false));
  const jwk = { kty: 'EC', crv: 'P-256', d: encode(secret), x: encode(point.slice(1, 33)), y: encode(point.slice(33)), ext: true };
  const pair = {
    privateKey: await crypto.subtle.importKey('jwk', jwk, ECDH, true, ['deriveBits']),
    publicKey: await crypto.subtle.importKey('raw', point, ECDH, true, []),
  };
  return { pair, public: point };
}
