// Keys made of keys, and boxes locked with them. docs/ACCOUNTS.md fixes every byte.
import { type Bytes, utf8 } from './bytes.ts';

export const SALT = 'guildhall/accounts/1';

/** HKDF-SHA-256: 32 bytes of secret for one use. */
export async function derive(secret: Bytes, use: string): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const params = { name: 'HKDF', hash: 'SHA-256', salt: utf8(SALT), info: utf8(use) };
  return new Uint8Array(await crypto.subtle.deriveBits(params, key, 256));
}

/** The slow step from a phrase to its seed; off the page's thread. */
export async function stretch(phrase: string): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', utf8(phrase), 'PBKDF2', false, ['deriveBits']);
  const params = { name: 'PBKDF2', hash: 'SHA-256', salt: utf8(SALT), iterations: 600_000 };
  return new Uint8Array(await crypto.subtle.deriveBits(params, key, 256));
}

export async function sha256(b: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', b));
}

const NONCE = 12;

const aes = (key: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);

const params = (nonce: Bytes, bound: Bytes): AesGcmParams => ({ name: 'AES-GCM', iv: nonce, additionalData: bound });

/** Locks plain: nonce ‖ box. bound is what the box belongs to. */
export async function lock(key: Bytes | CryptoKey, nonce: Bytes, plain: Bytes, bound: Bytes): Promise<Bytes> {
  const k = key instanceof CryptoKey ? key : await aes(key);
  const box = await crypto.subtle.encrypt(params(nonce, bound), k, plain);
  const all = new Uint8Array(NONCE + box.byteLength);
  all.set(nonce);
  all.set(new Uint8Array(box), NONCE);
  return all;
}

/** Unlocks what lock made; null when the key or the binding is another. */
export async function unlock(key: Bytes | CryptoKey, box: Bytes, bound: Bytes): Promise<Bytes | null> {
  const k = key instanceof CryptoKey ? key : await aes(key);
  try {
    return new Uint8Array(await crypto.subtle.decrypt(params(box.slice(0, NONCE), bound), k, box.slice(NONCE)));
  } catch {
    return null;
  }
}
