// docs/passes-vectors.json computed once more by a program that shares no line
// with the hall or the browser: node:crypto and BigInt only. Run by `npm test`.
import assert from 'node:assert/strict';
import { constants, createHash, createPrivateKey, createPublicKey, hkdfSync, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const v = JSON.parse(readFileSync('docs/passes-vectors.json', 'utf8'));
const root = Buffer.from(v.root, 'base64url');
const publicKey = (n) => createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' });
const issuers = {
  256: { n: big(v.n), d: big(v.d), key: publicKey(v.n) },
  384: { n: big(v.n3), d: big(v.d3), key: publicKey(v.n3) },
};
function big(s) {
  return BigInt(`0x${Buffer.from(s, 'base64url').toString('hex')}`);
}

const u32 = (x) => Buffer.from([x >>> 24, x >>> 16, x >>> 8, x].map((b) => b & 255));
const hkdf = (info, size) => Buffer.from(hkdfSync('sha256', root, 'guildhall/passes/1', info, size));
const at = (s, i) => Buffer.concat([Buffer.from(`${s.purpose}\0${s.space}\0`), u32(s.epoch), u32(i)]);
const number = (b) => BigInt(`0x${Buffer.from(b).toString('hex')}`);
const bytes = (x, size) => Buffer.from(x.toString(16).padStart(2 * size, '0'), 'hex');
const power = (x, e, m) => {
  let y = 1n;
  for (let b = x % m; e; e >>= 1n, b = (b * b) % m) if (e & 1n) y = (y * b) % m;
  return y;
};

/** An Ed25519 key of a seed, by its PKCS #8 form (RFC 8410). */
function pair(seed) {
  const key = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' });
  return { key, public: Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x, 'base64url') };
}

const seedOf = (p) => ({
  right: () => Buffer.concat([Buffer.from(`mask\0${p.slot.space}\0`), u32(p.mask)]),
  read: () => Buffer.concat([Buffer.from('read\0'), at(p.slot, p.i)]),
  mail: () => Buffer.concat([Buffer.from('mail\0'), u32(p.slot.epoch)]),
  consultation: () => Buffer.from(`consultation\0${p.slot.space}`),
})[p.slot.purpose]();

for (const p of [...v.passes, v.consultation]) {
  const size = p.slot.purpose === 'consultation' ? 384 : 256;
  const { n, d, key: issuer } = issuers[size];
  test(`a pass: ${p.slot.purpose} ${p.slot.space} ${p.slot.epoch} ${p.i}`, () => {
    const drawn = hkdf(Buffer.concat([Buffer.from('pass\0'), at(p.slot, p.i)]), 32 + 48 + size + 16);
    const key = pair(hkdf(seedOf(p), 32)).public;
    assert.equal(key.toString('base64url'), p.key);
    assert.equal(drawn.subarray(0, 32).toString('base64url'), p.prefix);
    const message = Buffer.concat([drawn.subarray(0, 32), Buffer.from(`${p.slot.purpose}\0`), key]);
    assert.equal(message.toString('base64url'), p.message);
    const spend = createHash('sha256').update('guildhall/passes/1/spend\0').update(message).digest();
    assert.equal(spend.subarray(0, 16).toString('base64url'), p.spend);

    const signature = Buffer.from(p.signature, 'base64url');
    const pss = { key: issuer, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 };
    assert.ok(signature.length === size && verify('sha384', message, pss, signature), 'OpenSSL accepts the pass');

    // The encoded message is what the signature opens to; blinded by r it must be
    // what was sent, and its signature with r taken off the pass.
    const r = 1n + (number(drawn.subarray(80)) % (n - 1n));
    const encoded = power(number(signature), 65537n, n);
    assert.equal(bytes((encoded * power(r, 65537n, n)) % n, size).toString('base64url'), p.blinded);
    const answer = power(number(Buffer.from(p.blinded, 'base64url')), d, n);
    assert.equal(bytes(answer, size).toString('base64url'), p.answer);
    assert.equal((number(signature) * r) % n, answer);
    assert.equal(salt(bytes(encoded, size)), drawn.subarray(32, 80).toString('hex'), 'the salt is the derived one');
  });
}

/** The salt inside EMSA-PSS (RFC 8017 §9.1.2), by taking the mask off. */
function salt(em) {
  const masked = em.length - 49;
  const hash = em.subarray(masked, -1);
  let mask = Buffer.alloc(0);
  for (let i = 0; mask.length < masked; i++) mask = Buffer.concat([mask, createHash('sha384').update(hash).update(u32(i)).digest()]);
  const db = em.subarray(0, masked).map((b, i) => b ^ mask[i]);
  return Buffer.from(db.subarray(masked - 48)).toString('hex');
}

test('the request key, the device key and a signed request', () => {
  const request = pair(hkdf(Buffer.from('request'), 32));
  assert.equal(request.public.toString('base64url'), v.request_key);
  assert.equal(hkdf(Buffer.from('device'), 32).toString('base64url'), v.device_key);
  const asked = createHash('sha256').update(Buffer.from(v.passes[0].blinded, 'base64url')).digest();
  const message = Buffer.concat([Buffer.from(`guildhall/passes/1/serve\0${v.serve.space}\0`), u32(v.serve.epoch), asked]);
  assert.equal(message.toString('base64url'), v.serve.message);
  assert.equal(sign(null, message, request.key).toString('base64url'), v.serve.signature);
});
