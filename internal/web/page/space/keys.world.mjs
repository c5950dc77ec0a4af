// Keys for tests, made so that Node cannot lock itself up.
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';

const encoded = {
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
};

/**
 * A private key of a kind that generateKeyPairSync knows.
 *
 * It is made anew from its encoding: the key that Node 20 hands out shares a lock with the
 * work that made it, and when that work is collected as garbage while the key is exported,
 * the one thread waits for itself for ever.
 */
export function privateKey(kind, options = {}) {
  const { privateKey: key } = generateKeyPairSync(kind, { ...options, ...encoded });
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

/** An issuer's key. Its length is in bits. */
export const rsaKey = (bits) => privateKey('rsa', { modulusLength: bits, publicExponent: 65537 });
