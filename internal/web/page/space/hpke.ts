// Sealing to somebody's key: HPKE (RFC 9180) in base mode, for one message, with
// DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-128-GCM, by WebCrypto.
import { type Bytes, concat, utf8 } from '../account/bytes.ts';

const CURVE: EcKeyImportParams = { name: 'ECDH', namedCurve: 'P-256' };
const HASH = 32; // bytes
const NONE = new Uint8Array(0);

const suite = (name: string, ...ids: number[]): Bytes => concat(utf8(name), ...ids.map((id) => Uint8Array.of(0, id)));
const KEM = suite('KEM', 0x10);
const HPKE = suite('HPKE', 0x10, 1, 1);

// WebCrypto takes no empty key for HMAC; one of zeros is the same.
async function hmac(key: Bytes, message: Bytes): Promise<Bytes> {
  const k = await crypto.subtle.importKey('raw', key.length ? key : new Uint8Array(HASH), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', k, message));
}

// LabeledExtract and, of one block at most, LabeledExpand (section 4).
const extract = (of: Bytes, salt: Bytes, label: string, ikm: Bytes): Promise<Bytes> => hmac(salt, concat(utf8('HPKE-v1'), of, utf8(label), ikm));

async function expand(of: Bytes, secret: Bytes, label: string, info: Bytes, length: number): Promise<Bytes> {
  return (await hmac(secret, concat(Uint8Array.of(0, length), utf8('HPKE-v1'), of, utf8(label), info, Uint8Array.of(1)))).slice(0, length);
}

const point = (key: Bytes): Promise<CryptoKey> => crypto.subtle.importKey('raw', key, CURVE, false, []);

/** Whether something can be sealed to a key: a point of the curve, uncompressed. */
export const isKey = (key: Bytes): Promise<boolean> => point(key).then(() => key.length === 65, () => false);

/** A sender's context: what goes along with the sealed message, and what seals it. */
export interface Sender {
  enc: Bytes; // 65
  key: Bytes; // 16
  nonce: Bytes; // 12, of the first and only message
  exporter: Bytes; // 32
}

/** Begins a message to a public key of 65 bytes; own is drawn, tests bring theirs. Fails for what is no point of the curve. */
export async function sender(to: Bytes, info: string, own?: CryptoKeyPair): Promise<Sender> {
  const theirs = await point(to);
  const mine = own ?? (await crypto.subtle.generateKey(CURVE, true, ['deriveBits']));
  const enc = new Uint8Array(await crypto.subtle.exportKey('raw', mine.publicKey));
  const dh = new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, mine.privateKey, 8 * HASH));
  const shared = await expand(KEM, await extract(KEM, NONE, 'eae_prk', dh), 'shared_secret', concat(enc, to), HASH);
  const base = Uint8Array.of(0); // the mode
  const context = concat(base, await extract(HPKE, NONE, 'psk_id_hash', NONE), await extract(HPKE, NONE, 'info_hash', utf8(info)));
  const secret = await extract(HPKE, shared, 'secret', NONE);
  const [key, nonce, exporter] = await Promise.all([
    expand(HPKE, secret, 'key', context, 16), expand(HPKE, secret, 'base_nonce', context, 12), expand(HPKE, secret, 'exp', context, HASH),
  ]);
  return { enc, key, nonce, exporter };
}

/** Seals the message, without additional data. */
export async function sealTo(s: Sender, message: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', s.key, 'AES-GCM', false, ['encrypt']);
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: s.nonce }, key, message));
}

/** A secret of 32 bytes for one use, which the recipient can make as well. */
export const exported = (s: Sender, use: Bytes): Promise<Bytes> => expand(HPKE, s.exporter, 'sec', use, HASH);
