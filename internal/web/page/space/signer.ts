// Ed25519 keys made of seeds, by WebCrypto.
import { type Bytes, concat, decode } from '../account/bytes.ts';

/** A private key by its public one. */
export interface Signer {
  key: Bytes; // public, 32
  sign(message: Bytes): Promise<Bytes>; // 64
}

// A PKCS #8 private key is these bytes and the seed (RFC 8410).
const HEAD = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);

export async function signer(seed: Bytes): Promise<Signer> {
  const priv = await crypto.subtle.importKey('pkcs8', concat(HEAD, seed), 'Ed25519', true, ['sign']);
  const key = decode((await crypto.subtle.exportKey('jwk', priv)).x ?? '');
  if (key?.length !== 32) throw new Error('Ed25519');
  return { key, sign: async (m) => new Uint8Array(await crypto.subtle.sign('Ed25519', priv, m)) };
}

/** Whether this browser has Ed25519, which came to browsers late. */
export const canSign = (): Promise<boolean> => signer(new Uint8Array(32)).then(() => true, () => false);
