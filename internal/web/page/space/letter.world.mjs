// The other end of a letter, by node:crypto alone: it shares no line with hpke.ts. For tests.
import { createCipheriv, createDecipheriv, createECDH, createHmac, randomBytes } from 'node:crypto';

const cat = (...parts) => Buffer.concat(parts.map((p) => Buffer.from(p)));
const hmac = (key, ...m) => createHmac('sha256', key).update(cat(...m)).digest();
const u16 = (x) => Buffer.from([x >> 8, x & 255]);
export const KEM = cat('KEM', u16(0x10));
export const HPKE = cat('HPKE', u16(0x10), u16(1), u16(1));

export const labeledExtract = (suite, salt, label, ikm) => hmac(salt, 'HPKE-v1', suite, label, ikm);
export function labeledExpand(suite, prk, label, info, length) {
  let [block, all] = [Buffer.alloc(0), Buffer.alloc(0)];
  for (let i = 1; all.length < length; i++) {
    block = hmac(prk, block, u16(length), 'HPKE-v1', suite, label, info, [i]);
    all = cat(all, block);
  }
  return all.subarray(0, length);
}

/** A key that letters are sealed to; its secret part may be given. */
export function hallKey(secret = null) {
  const k = createECDH('prime256v1');
  if (secret) k.setPrivateKey(secret);
  else k.generateKeys();
  return { ecdh: k, public: new Uint8Array(k.getPublicKey()) };
}

/** Opens a letter: the visit without the letter's own spaces, and the secret for its answer. */
export function openLetter(key, letter) {
  const [enc, sealed] = [Buffer.from(letter.slice(0, 65)), Buffer.from(letter.slice(65))];
  const none = Buffer.alloc(0);
  const shared = labeledExpand(KEM, labeledExtract(KEM, none, 'eae_prk', key.ecdh.computeSecret(enc)), 'shared_secret', cat(enc, key.public), 32);
  const context = cat([0], labeledExtract(HPKE, none, 'psk_id_hash', none), labeledExtract(HPKE, none, 'info_hash', 'guildhall/letters/1'));
  const secret = labeledExtract(HPKE, shared, 'secret', none);
  const d = createDecipheriv('aes-128-gcm', labeledExpand(HPKE, secret, 'key', context, 16), labeledExpand(HPKE, secret, 'base_nonce', context, 12));
  d.setAuthTag(sealed.subarray(-16));
  const visit = cat(d.update(sealed.subarray(0, -16)), d.final());
  const exporter = labeledExpand(HPKE, secret, 'exp', context, 32);
  return { visit, secret: labeledExpand(HPKE, exporter, 'sec', 'guildhall/letters/1/answer', 32) };
}

/** Seals what the hall would have answered. */
export function sealAnswer(secret, status, body) {
  const plain = Buffer.alloc(16_384);
  plain.writeUInt32BE(4 + body.length, 0);
  plain.writeUInt32BE(status, 4);
  plain.set(Buffer.from(body), 8);
  const nonce = randomBytes(12);
  const c = createCipheriv('aes-256-gcm', secret, nonce);
  return new Uint8Array(cat(nonce, c.update(plain), c.final(), c.getAuthTag()));
}
