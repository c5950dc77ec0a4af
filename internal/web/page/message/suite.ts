// The one suite in use: DHKEM P-256, AES-128-GCM, SHA-256, ECDSA P-256. Of the library's
// parts two are made anew: private keys are handed to WebCrypto with their public half,
// for Firefox takes none without.
import { p256 } from '@noble/curves/nist.js';
import { type CiphersuiteImpl, getCiphersuiteFromName, getCiphersuiteImpl, type PrivateKey, type PublicKey } from 'ts-mls';
import { type Bytes, concat, encode, utf8 } from '../account/bytes.ts';

export const SUITE = 'MLS_128_DHKEMP256_AES128GCM_SHA256_P256';

const ECDH = { name: 'ECDH', namedCurve: 'P-256' };
const LENGTH = 32;
const KEM = concat(utf8('KEM'), Uint8Array.of(0, 0x10)); // RFC 9180, 4.1
const VERSION = utf8('HPKE-v1');

let made: Promise<CiphersuiteImpl> | undefined;

export const suite = (): Promise<CiphersuiteImpl> => (made ??= make());

async function make(): Promise<CiphersuiteImpl> {
  const cs = await getCiphersuiteImpl(getCiphersuiteFromName(SUITE));
  const importPrivateKey = (k: Uint8Array): Promise<PrivateKey> => privateKey(padded(k));
  return {
    ...cs,
    hpke: {
      ...cs.hpke,
      importPrivateKey,
      async deriveKeyPair(ikm) {
        const secret = await derived(cs, ikm);
        return { privateKey: await privateKey(secret), publicKey: await publicKey(secret) };
      },
    },
  };
}

/** A scalar that begins with zeros may have been written shorter. */
function padded(k: Uint8Array): Bytes {
  if (k.length > LENGTH) throw new Error('suite: key');
  return concat(new Uint8Array(LENGTH - k.length), k);
}

async function privateKey(k: Bytes): Promise<PrivateKey> {
  const point = p256.getPublicKey(k, false);
  const jwk = { kty: 'EC', crv: 'P-256', d: encode(k), x: encode(point.slice(1, 33)), y: encode(point.slice(33)), ext: true };
  return (await crypto.subtle.importKey('jwk', jwk, ECDH, true, ['deriveBits'])) as PrivateKey;
}

async function publicKey(k: Bytes): Promise<PublicKey> {
  return (await crypto.subtle.importKey('raw', new Uint8Array(p256.getPublicKey(k, false)), ECDH, true, [])) as PublicKey;
}

/** DeriveKeyPair of RFC 9180, 7.1.3. */
async function derived(cs: CiphersuiteImpl, ikm: Uint8Array): Promise<Bytes> {
  const prk = await cs.kdf.extract(new Uint8Array(), concat(VERSION, KEM, utf8('dkp_prk'), ikm));
  for (let counter = 0; counter < 256; counter++) {
    const info = concat(Uint8Array.of(0, LENGTH), VERSION, KEM, utf8('candidate'), Uint8Array.of(counter));
    const candidate = new Uint8Array(await cs.kdf.expand(prk, info, LENGTH));
    if (p256.utils.isValidSecretKey(candidate)) return candidate;
  }
  throw new Error('suite: no key'); // 2^-8000
}
