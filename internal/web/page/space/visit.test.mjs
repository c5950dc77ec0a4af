// Visits and masks: what goes over the line, byte by byte. Run by `npm test`.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { decode, encode, random } from '../account/bytes.ts';
import { dayOf, epochOf, epochStart, nextBatch, weekOf, weekStart } from './calendar.ts';
import { maskFace, maskID } from './mask.ts';
import { signer } from './signer.ts';
import { Away, Garbled, MOST, open, pay, seal, STEP, Turned } from './visit.ts';

const part = (b) => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(b.length);
  const all = Buffer.concat([head, b]);
  return Buffer.concat([all, Buffer.alloc((STEP - (all.length % STEP)) % STEP)]);
};
const answer = (results, bundle) => new Uint8Array(Buffer.concat([
  part(Buffer.from(JSON.stringify({ v: 1, results }))), part(bundle ? gzipSync(JSON.stringify(bundle)) : Buffer.alloc(0)),
]));

describe('a visit', () => {
  test('is signed, padded, and of one size for little and for nothing', async () => {
    const by = await signer(random(32));
    const pub = await crypto.subtle.importKey('raw', by.key, 'Ed25519', false, ['verify']);
    const post = { do: 'post', id: 'x', thread: 'x', title: 'Ünïcode', text: 'مرحبا '.repeat(300), lang: 'ar' };
    for (const acts of [[], [{ do: 'status' }], [post], [{ ...post, text: 'z'.repeat(9000) }]]) {
      const body = await seal({ space: 's-1', day: 20782, lang: 'en', acts }, by);
      assert.equal(body.length % STEP, 0);
      assert.equal(body[86], 10);
      const text = Buffer.from(body).toString();
      const json = text.slice(87).replace(/ +$/, '');
      assert.ok(body.length - 87 - Buffer.byteLength(json) < STEP);
      const signature = decode(text.slice(0, 86));
      const signed = Buffer.concat([Buffer.from('guildhall/masks/1/visit\0'), Buffer.from(json)]);
      assert.ok(await crypto.subtle.verify('Ed25519', pub, signature, signed));
      assert.deepEqual(Object.keys(JSON.parse(json)), ['v', 'space', 'day', 'lang', 'key', 'acts']);
      assert.deepEqual(JSON.parse(json).acts, acts);
    }
    const sizes = await Promise.all([[], [{ do: 'status' }], [{ ...post, text: 'short' }]].map((acts) => seal({ space: 's', day: 1, lang: 'en', acts }, by)));
    assert.deepEqual(sizes.map((b) => b.length), [STEP, STEP, STEP]);
  });
  test('that is too large is not sent', async () => {
    const by = await signer(random(32));
    await assert.rejects(seal({ space: 's', day: 1, lang: 'en', acts: [{ do: 'post', text: 'x'.repeat(MOST) }] }, by), RangeError);
  });
});

describe('an answer', () => {
  test('of results alone, and with a bundle', async () => {
    assert.deepEqual(await open(answer([{ do: 'status', ok: true }])), { results: [{ do: 'status', ok: true }], bundle: null });
    const bundle = { v: 1, tick: 7, threads: [{ title: 'é'.repeat(5000) }] };
    assert.deepEqual((await open(answer([], bundle))).bundle, bundle);
  });
  test('that is broken is said to be: ten kinds', async () => {
    const good = answer([{ do: 'status', ok: true }], { v: 1 });
    const long = good.slice();
    long[0] = 255;
    const bent = good.slice();
    bent[STEP + 18] ^= 255;
    const wrong = new Uint8Array(part(Buffer.from('{"v":2,"results":[]}')).length * 2);
    wrong.set(part(Buffer.from('{"v":2,"results":[]}')));
    for (const bad of [new Uint8Array(), new Uint8Array(3), good.slice(0, 100), good.slice(0, STEP), good.slice(1), long, bent, wrong, random(STEP * 2),
      new Uint8Array(Buffer.concat([part(Buffer.from('{')), part(Buffer.alloc(0))]))]) {
      await assert.rejects(open(bad), Garbled);
    }
  });
});

describe('paying a visit', () => {
  test('sends nothing that names anybody, and says who said no', async (t) => {
    const seen = [];
    const server = createServer((r, w) => {
      seen.push(r.headers);
      r.resume().on('end', () => {
        w.setHeader('Connection', 'close');
        if (seen.length === 1) w.end(answer([{ do: 'status', ok: true }]));
        else if (seen.length === 2) w.writeHead(400).end('{"error":"pass.visit.broken","message":"No."}');
        else w.writeHead(502).end('<html>');
      });
    });
    await new Promise((done) => server.listen(0, 'localhost', done));
    t.after(() => server.close());
    const origin = `http://localhost:${server.address().port}`;
    const body = await seal({ space: 's', day: 1, lang: 'en', acts: [] }, await signer(random(32)));
    assert.equal((await pay(origin, body)).results.length, 1);
    for (const h of ['cookie', 'authorization', 'referer', 'if-none-match']) assert.equal(seen[0][h], undefined, h);
    assert.equal(seen[0]['content-type'], 'text/plain');
    await assert.rejects(pay(origin, body), (e) => e instanceof Turned && e.code === 'pass.visit.broken' && e.message === 'No.');
    await assert.rejects(pay(origin, body), (e) => e instanceof Turned && e.code === '502');
    await assert.rejects(pay('http://localhost:1', body), Away);
  });
});

describe('a mask', () => {
  test('has an id of its key, and a face of its own', async () => {
    const keys = await Promise.all(Array.from({ length: 200 }, () => signer(random(32)).then((s) => s.key)));
    const ids = await Promise.all(keys.map(maskID));
    assert.equal(new Set(ids).size, 200);
    assert.ok(ids.every((id) => /^[\w-]{22}$/.test(id)));
    const faces = new Set(ids.map((id) => JSON.stringify(maskFace(id))));
    assert.ok(faces.size > 195, `${faces.size} faces of 200`);
    assert.deepEqual(maskFace(ids[0]), maskFace(ids[0]));
    for (const odd of ['', 'x', 'é', encode(new Uint8Array(1))]) assert.ok(maskFace(odd).path.startsWith('M'));
  });
});

test('the calendar: weeks and epochs begin on Mondays', () => {
  const monday = Date.UTC(2026, 10, 23);
  assert.equal(new Date(weekStart(weekOf(monday)) * 86_400_000).getUTCDay(), 1);
  assert.equal(weekStart(weekOf(monday)), dayOf(monday));
  assert.equal(weekOf(monday - 1), weekOf(monday) - 1);
  assert.equal(nextBatch(monday), dayOf(monday) + 7);
  assert.equal(new Date(epochStart(epochOf(monday)) * 86_400_000).getUTCDay(), 1);
  for (let d = 0; d < 400; d++) {
    const t = d * 86_400_000 + 5;
    assert.ok(epochStart(epochOf(t)) <= d && d < epochStart(epochOf(t) + 1));
    assert.ok(weekStart(weekOf(t)) <= d && d < weekStart(weekOf(t) + 1));
  }
});
