// Letters byte by byte: the RFC's vectors for HPKE, docs/letters-vectors.json, and a
// letterbox that answers oddly. Run by `npm test`.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createCipheriv, createECDH, createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { decode, encode, random, utf8 } from '../account/bytes.ts';
import { lastDelivery } from './calendar.ts';
import { exported, sealTo, sender } from './hpke.ts';
import { BoxAway, close, LONG, openAnswer, RemoteBox, SHORT } from './letter.ts';
import { hallKey, HPKE, KEM, labeledExpand, labeledExtract, openLetter, sealAnswer } from './letter.world.mjs';
import { Garbled, Turned } from './visit.ts';

const go = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
const rfc = JSON.parse(readFileSync(join(go, 'src/crypto/hpke/testdata/rfc9180.json'), 'utf8'))
  .find((v) => v.mode === 0 && v.kem_id === 0x10 && v.kdf_id === 1 && v.aead_id === 1);
const hex = (s) => new Uint8Array(Buffer.from(s, 'hex'));

/** DeriveKeyPair (RFC 9180, 7.1.3). */
const derived = (ikm) => pair(labeledExpand(KEM, labeledExtract(KEM, Buffer.alloc(0), 'dkp_prk', ikm), 'candidate', [0], 32));

/** A secret scalar as a pair for WebCrypto. */
async function pair(secret) {
  const k = createECDH('prime256v1');
  k.setPrivateKey(secret);
  const [x, y] = [k.getPublicKey().subarray(1, 33), k.getPublicKey().subarray(33)];
  const jwk = { kty: 'EC', crv: 'P-256', x: x.toString('base64url'), y: y.toString('base64url'), ext: true };
  const curve = { name: 'ECDH', namedCurve: 'P-256' };
  return {
    publicKey: await crypto.subtle.importKey('jwk', jwk, curve, true, []),
    privateKey: await crypto.subtle.importKey('jwk', { ...jwk, d: k.getPrivateKey().toString('base64url') }, curve, true, ['deriveBits']),
  };
}

/** Go keeps one hash over a thousand messages whose lengths and bytes are drawn from SHAKE128. */
function* drawnInputs() {
  const source = createHash('shake128', { outputLength: 1 << 20 }).digest();
  for (let at = 0; ; ) {
    const n = source[at];
    yield source.subarray(at + 1, at + 1 + n);
    at += 1 + n;
  }
}
const shake = (parts) => createHash('shake128', { outputLength: 16 }).update(Buffer.concat(parts)).digest('hex');

describe('HPKE', () => {
  test('gives what the vectors of RFC 9180 give: what goes along, a thousand messages, a thousand secrets', async () => {
    const s = await sender(hex(rfc.pkRm), Buffer.from(rfc.info, 'hex').toString(), await derived(hex(rfc.ikmE)));
    assert.equal(Buffer.from(s.enc).toString('hex'), rfc.enc);
    const inputs = drawnInputs();
    const sealed = Array.from({ length: 1000 }, (_, seq) => {
      const nonce = Buffer.from(s.nonce);
      nonce.writeUInt16BE(nonce.readUInt16BE(10) ^ seq, 10);
      const c = createCipheriv('aes-128-gcm', s.key, nonce).setAAD(inputs.next().value);
      return Buffer.concat([c.update(inputs.next().value), c.final(), c.getAuthTag()]);
    });
    assert.equal(shake(sealed), rfc.encryptions_accumulated);
    const uses = drawnInputs();
    const secrets = [];
    for (let l = 0; l < 1000; l++) {
      const use = uses.next().value;
      secrets.push(labeledExpand(HPKE, s.exporter, 'sec', use, l));
      if (l === 32) assert.deepEqual(Buffer.from(await exported(s, new Uint8Array(use))), secrets[l]);
    }
    assert.equal(shake(secrets), rfc.exports_accumulated);
    const first = createCipheriv('aes-128-gcm', s.key, s.nonce);
    assert.deepEqual(Buffer.from(await sealTo(s, utf8('hello'))), Buffer.concat([first.update('hello'), first.final(), first.getAuthTag()]));
  });
  test('refuses what is no point of the curve', async () => {
    const bent = hallKey().public;
    bent[40] ^= 1;
    for (const bad of [bent, new Uint8Array(65), hallKey().public.slice(0, 64), new Uint8Array()]) await assert.rejects(sender(bad, ''));
  });
});

describe('a letter', () => {
  test('is of one length for little and for nothing, of another for much, and opens at the hall alone', async () => {
    const key = hallKey();
    for (const [n, size] of [[0, SHORT], [1, SHORT], [SHORT, SHORT], [SHORT + 1, LONG], [LONG, LONG]]) {
      const visit = new Uint8Array(n).fill(65);
      const { letter, secret } = await close(key.public, visit);
      assert.equal(letter.length, 65 + 16 + size);
      const opened = openLetter(key, letter);
      assert.equal(opened.visit.toString(), 'A'.repeat(n) + ' '.repeat(size - n));
      assert.deepEqual(new Uint8Array(opened.secret), secret);
      assert.throws(() => openLetter(hallKey(), letter));
    }
    await assert.rejects(close(key.public, new Uint8Array(LONG + 1)), RangeError);
  });
  test('a page that is put away may send the longest: browsers take 64 KiB', () => assert.ok(LONG + 81 < 64 << 10));
  test('never looks like another, whatever it says', async () => {
    const key = hallKey();
    const two = await Promise.all([close(key.public, utf8('x')), close(key.public, utf8('x'))]);
    assert.notDeepEqual(two[0].letter, two[1].letter);
    assert.notDeepEqual(two[0].secret, two[1].secret);
  });
});

describe('an answer', () => {
  const secret = random(32);
  const good = JSON.stringify({ v: 1, results: [{ do: 'post', ok: true }] });
  test('of results, and of a refusal', async () => {
    assert.deepEqual(await openAnswer(secret, sealAnswer(secret, 200, good)), [{ do: 'post', ok: true }]);
    await assert.rejects(openAnswer(secret, sealAnswer(secret, 403, '{"error":"mask.unknown","message":"No."}')),
      (e) => e instanceof Turned && e.code === 'mask.unknown' && e.message === 'No.');
  });
  test('that is broken is said to be: nine kinds', async () => {
    const bent = sealAnswer(secret, 200, good);
    bent[50] ^= 1;
    for (const bad of [new Uint8Array(), random(27), random(16_412), bent, sealAnswer(random(32), 200, good), sealAnswer(secret, 200, '{'),
      sealAnswer(secret, 200, '{"v":2,"results":[]}'), sealAnswer(secret, 200, '{"v":1}'), sealAnswer(secret, 200, '')]) {
      await assert.rejects(openAnswer(secret, bad), Garbled);
    }
  });
});

describe('docs/letters-vectors.json', () => {
  const vectors = JSON.parse(readFileSync('docs/letters-vectors.json', 'utf8'));
  for (const v of vectors.letters) {
    test(`a letter of ${v.l} bytes and its answer`, async () => {
      const s = await sender(decode(vectors.public), 'guildhall/letters/1', await pair(Buffer.from(v.ephemeral, 'base64url')));
      assert.equal(encode(s.enc), v.enc);
      const visit = Buffer.from(v.visit);
      assert.ok(v.l === (visit.length > SHORT ? LONG : SHORT));
      const sealed = await sealTo(s, new Uint8Array(Buffer.concat([visit, Buffer.alloc(v.l - visit.length, ' ')])));
      assert.equal(Buffer.from(sealed).toString('base64url'), v.sealed);
      assert.equal(encode(await exported(s, utf8('guildhall/letters/1/answer'))), v.secret);
      const opened = openLetter(hallKey(Buffer.from(vectors.private, 'base64url')), Buffer.concat([s.enc, sealed]));
      assert.equal(opened.visit.toString().trimEnd(), v.visit.trimEnd());
      const { results } = JSON.parse(v.said);
      const answer = openAnswer(decode(v.secret), new Uint8Array(Buffer.from(v.answer, 'base64url')));
      if (v.status === 200) assert.deepEqual(await answer, results);
      else await assert.rejects(answer, (e) => e instanceof Turned && e.message === JSON.parse(v.said).message);
    });
  }
});

describe('a letterbox', () => {
  /** One that answers as it is told, and notes what it was asked. */
  async function serve(t, answers) {
    const seen = [];
    const server = createServer((r, w) => {
      const body = [];
      r.on('data', (b) => body.push(b)).on('end', () => {
        seen.push({ method: r.method, url: r.url, headers: r.headers, body: Buffer.concat(body) });
        const [status, said = ''] = answers.shift();
        w.setHeader('Connection', 'close');
        w.writeHead(status).end(said);
      });
    });
    await new Promise((done) => server.listen(0, 'localhost', done));
    t.after(() => server.close());
    const key = hallKey();
    return { seen, key, box: new RemoteBox(`http://localhost:${server.address().port}`, async () => key.public) };
  }
  test('is given sealed bytes by requests that name nobody', async (t) => {
    const { seen, key, box } = await serve(t, [[204], [202], [200, Buffer.alloc(16_412, 7)], [204]]);
    const { letter } = await box.close(utf8('a visit'));
    assert.match(openLetter(key, letter).visit.toString(), /^a visit *$/);
    const id = encode(random(16));
    await box.hand(id, letter);
    assert.equal(await box.ask(id), 'waiting');
    assert.deepEqual(await box.ask(id), new Uint8Array(16_412).fill(7));
    assert.equal(await box.back(id), 'back');
    assert.deepEqual(seen.map((r) => `${r.method} ${r.url}`), ['PUT', 'GET', 'GET', 'DELETE'].map((m) => `${m} /letters/${id}`));
    assert.deepEqual(new Uint8Array(seen[0].body), letter);
    for (const { headers } of seen) for (const h of ['cookie', 'authorization', 'referer', 'if-none-match']) assert.equal(headers[h], undefined, h);
  });
  test('that says no says why; one that is broken or gone counts as not reached', async (t) => {
    const { box } = await serve(t, [[409, '{"error":"letterbox.brought","message":"Brought."}'], [429, '{"error":"letterbox.many","message":"Full."}'], [502, '<html>'], [404], [500], [404], [409], [500]]);
    await box.hand('a', random(10)); // handed in before, and brought meanwhile
    await assert.rejects(box.hand('a', random(10)), (e) => e instanceof Turned && e.message === 'Full.');
    await assert.rejects(box.hand('a', random(10)), BoxAway);
    assert.equal(await box.ask('a'), 'unknown');
    await assert.rejects(box.ask('a'), BoxAway);
    assert.equal(await box.back('a'), 'unknown');
    assert.equal(await box.back('a'), 'brought');
    await assert.rejects(box.back('a'), BoxAway);
    await assert.rejects(new RemoteBox('http://localhost:1', async () => random(65)).ask('a'), BoxAway);
  });
  test('brings letters at 03:00 UTC, within three days', () => {
    const at = (h, m = 0) => Date.UTC(2026, 10, 24, h, m);
    for (const [now, day] of [[at(0), 26], [at(2, 59), 26], [at(3), 27], [at(23, 59), 27]]) assert.equal(lastDelivery(now), Date.UTC(2026, 10, day, 3));
  });
});
