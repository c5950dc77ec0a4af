// The browser's half of the passes: RFC 9474's own vectors, another library on
// the other side, and keys that must be refused. Run by `npm test`.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { constants, privateDecrypt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';

import { RSABSSA } from '@cloudflare/blindrsa-ts';

import { decode, encode, random, utf8 } from '../account/bytes.ts';
import { blind, Broken, finalize, issuerKey, toBytes, toNumber } from './blind.ts';
import { blinding, maskSeed, readSeed } from './derive.ts';
import { rsaKey } from './keys.world.mjs';
import { passMessage, READS, receive, requestReads, requestRight, serveBody, spendId } from './pass.ts';
import { signer } from './signer.ts';

const circl = JSON.parse(execFileSync('go', ['mod', 'download', '-json', 'github.com/cloudflare/circl@v1.6.5'])).Dir;
const rfc = JSON.parse(gunzipSync(readFileSync(join(circl, 'blindsign/blindrsa/testdata/test_vectors_rfc9474.json.gz'))));
const hex = (s) => BigInt(s.startsWith('0x') ? s : `0x${s}`);
const bytes = (s) => Uint8Array.from(s.replace('0x', '').match(/../g), (x) => parseInt(x, 16));

/** An issuer with its private key beside. */
function issuer(bits = 2048) {
  const privateKey = rsaKey(bits);
  const jwk = privateKey.export({ format: 'jwk' });
  return { jwk, n: jwk.n, e: 65537, sign: (b) => new Uint8Array(privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, b)) };
}

const hexOf = (b64) => toNumber(decode(b64));

function modPow(x, e, n) {
  let y = 1n;
  for (let b = x % n; e; e >>= 1n, b = (b * b) % n) if (e & 1n) y = (y * b) % n;
  return y;
}

const hall = issuer();

describe('RFC 9474', () => {
  test('appendix A, PSS-Randomized', async () => {
    const v = rfc.find((x) => x.name === 'RSABSSA-SHA384-PSS-Randomized');
    const n = hex(v.n);
    const key = await issuerKey(encode(bytes(v.n)), 65537, 4096);
    const r = modPow(hex(v.inv), (hex(v.p) - 1n) * (hex(v.q) - 1n) - 1n, n); // the inverse of inv
    const [b] = await blind(key, [{ message: bytes(v.input_msg), salt: bytes(v.salt), blind: toBytes(r - 1n, key.size + 16) }]);
    assert.equal(toNumber(b.request), hex(v.blinded_msg));
    assert.equal(b.inverse, hex(v.inv));
    assert.equal(toNumber(await finalize(key, b, bytes(v.blind_sig))), hex(v.sig));
  });

  test('another library signs and verifies what we blind, and the other way round', async () => {
    const suite = RSABSSA.SHA384.PSS.Randomized();
    const algorithm = { name: 'RSA-PSS', hash: 'SHA-384' };
    const priv = await crypto.subtle.importKey('jwk', { ...hall.jwk, ext: true }, algorithm, true, ['sign']);
    const pub = await crypto.subtle.importKey('jwk', { kty: 'RSA', n: hall.n, e: 'AQAB', ext: true }, algorithm, true, ['verify']);
    const key = await issuerKey(hall.n, 65537, 2048);
    const asked = Array.from({ length: 5 }, (_, i) => ({ message: random(60 + i), salt: random(48), blind: random(256 + 16) }));
    for (const b of await blind(key, asked)) {
      const signature = await finalize(key, b, new Uint8Array(await suite.blindSign(priv, b.request)));
      assert.ok(await suite.verify(pub, signature, b.message));
    }
    const prepared = suite.prepare(utf8('theirs'));
    const theirs = await suite.blind(pub, prepared);
    const signature = await suite.finalize(pub, prepared, hall.sign(theirs.blindedMsg), theirs.inv);
    assert.ok(await crypto.subtle.verify({ name: 'RSA-PSS', saltLength: 48 }, key.verifier, signature, prepared));
  });
});

describe('an issuer key', () => {
  const refused = async (n, e, bits) => assert.rejects(issuerKey(n, e, bits), (err) => err instanceof Broken && err.message === 'weak');
  test('of another exponent, size or parity is refused', async () => {
    const n = decode(hall.n);
    await refused(hall.n, 3, 2048);
    await refused(hall.n, 65539, 2048);
    await refused(hall.n, 65537, 3072);
    await refused(issuer(1024).n, 65537, 2048);
    await refused(encode(n.map((x, i) => (i === 255 ? x ^ 1 : x))), 65537, 2048); // even
    await refused(encode(n.map((x, i) => (i === 0 ? x & 0x7f : x))), 65537, 2048); // 2047 bits
    await refused(encode(Uint8Array.of(0, ...n)), 65537, 2048);
    for (const bad of ['', 'AQAB', `${hall.n}=`, `${hall.n} `, 'ü', 'null']) await refused(bad, 65537, 2048);
  });
  test('with a small factor that a blinding meets is refused, not used', async () => {
    const n = 3n * hexOf(issuer(2048).n); // a key that its maker can factor
    const size = 257;
    const key = { n, size, verifier: (await issuerKey(hall.n, 65537, 2048)).verifier };
    const row = { message: random(60), salt: random(48), blind: toBytes(2n, size + 16) }; // r = 3
    await assert.rejects(blind(key, [row]), Broken);
  });
});

describe('passes', () => {
  const root = Uint8Array.from({ length: 32 }, (_, i) => i);
  const right = { purpose: 'right', space: 's_1', epoch: 741 };
  const read = { purpose: 'read', space: 's_1', epoch: 741 };

  test('come out alike each time, and fit', async () => {
    const key = await issuerKey(hall.n, 65537, 2048);
    const [once, again] = await Promise.all([requestRight(root, right, 0, key), requestRight(root, right, 0, key)]);
    assert.deepEqual(once.blinded.request, again.blinded.request);
    const [pass] = await receive([once], key, [encode(hall.sign(once.blinded.request))]);
    const { key: pub } = await signer(await maskSeed(root, 's_1', 0));
    const message = passMessage(right, decode(pass.prefix), pub);
    assert.ok(await crypto.subtle.verify({ name: 'RSA-PSS', saltLength: 48 }, key.verifier, decode(pass.signature), message));
    assert.deepEqual(decode(pass.prefix), (await blinding(root, right, 0, 256)).prefix);
    assert.match(await spendId(message), /^[\w-]{22}$/);
  });

  test('a renewal asks for another mask by the same key', async () => {
    const key = await issuerKey(hall.n, 65537, 2048);
    const [first, next] = await Promise.all([requestRight(root, right, 0, key), requestRight(root, right, 1, key)]);
    assert.notDeepEqual(first.blinded.message, next.blinded.message);
    assert.notDeepEqual(first.blinded.request, next.blinded.request);
  });

  test('28 days of reading differ in everything', async () => {
    const key = await issuerKey(hall.n, 65537, 2048);
    const all = await requestReads(root, read, key);
    assert.equal(all.length, READS);
    assert.equal(new Set(all.map((r) => encode(r.blinded.request))).size, READS);
    assert.equal(new Set(all.map((r) => encode(r.prefix))).size, READS);
    assert.equal(new Set(await Promise.all(all.map((_, i) => readSeed(root, read, i).then(encode)))).size, READS);
    const passes = await receive(all, key, all.map((r) => encode(hall.sign(r.blinded.request))));
    assert.equal(passes.length, READS);
  });

  test('what was not signed right is refused, each time', async () => {
    const key = await issuerKey(hall.n, 65537, 2048);
    const asked = await requestRight(root, right, 0, key);
    const good = hall.sign(asked.blinded.request);
    const other = issuer();
    const bad = [
      other.sign(toBytes(toNumber(asked.blinded.request) % hexOf(other.n), 256)), hall.sign(toBytes(1234n, 256)), good.slice(1), new Uint8Array(256),
      toBytes(key.n, 256), Uint8Array.of(0, ...good), good.map((x, i) => (i === 200 ? x ^ 1 : x)), new Uint8Array(),
    ];
    for (const b of bad) await assert.rejects(receive([asked], key, [encode(b)]), (e) => e instanceof Broken && e.message === 'answer');
    for (const b of ['', 'x', `${encode(good)}=`]) await assert.rejects(receive([asked], key, [b]), Broken);
    assert.throws(() => receive([asked], key, []), Broken);
  });

  test('the request for service is signed by a key of the root', async () => {
    const key = await issuerKey(hall.n, 65537, 2048);
    const [r, reads] = await Promise.all([requestRight(root, right, 0, key), requestReads(root, read, key)]);
    const body = await serveBody(root, 's_1', 741, r, reads);
    assert.equal(decode(body.right).length, 256);
    assert.equal(body.read.length, READS);
    assert.equal(decode(body.signature).length, 64);
    assert.equal((await serveBody(root, 's_1', 741, null, reads)).right, '');
    assert.deepEqual(await serveBody(root, 's_1', 741, r, reads), body);
  });
});

test('Ed25519 from a seed: RFC 8032, test 1', async () => {
  const s = await signer(bytes('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'));
  assert.deepEqual(s.key, bytes('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'));
  assert.deepEqual(await s.sign(new Uint8Array()), bytes('e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'));
});
