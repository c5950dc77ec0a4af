// What a device asks for its seat, by its own store and not by the hall's word. Run by `npm test`.
import assert from 'node:assert/strict';
import { constants, privateDecrypt } from 'node:crypto';
import { beforeEach, test } from 'node:test';

import { decode, encode, random } from '../account/bytes.ts';
import { issuerKey } from './blind.ts';
import { epochOf } from './calendar.ts';
import { rsaKey } from './keys.world.mjs';
import { fetchDue } from './serve.ts';
import { spokeAt } from './spoke.ts';
import { Standing } from './standing.ts';

const epoch = epochOf(Date.now());
const key = rsaKey(2048);
const sign = (b) => encode(new Uint8Array(privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, decode(b))));
const issuers = { key: () => issuerKey(key.export({ format: 'jwk' }).n, 65537, 2048) };

let asked;
beforeEach(() => {
  asked = [];
  const kept = new Map();
  globalThis.localStorage = { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => void kept.set(k, v) };
  globalThis.fetch = async (address, init) => {
    const q = JSON.parse(init.body);
    asked.push({ address, right: q.right !== '', read: q.read.length });
    return new Response(JSON.stringify({ right: q.right && sign(q.right), read: q.read.map(sign) }), { headers: { 'Content-Type': 'application/json' } });
  };
});

function device(root = random(32)) {
  const rows = new Map();
  const standing = new Standing({
    root, space: 's-1', lang: 'en', now: Date.now, spoke: spokeAt, alone: (_, work) => work(), issuer: issuers.key,
    rows: { get: async (k) => structuredClone(rows.get(k) ?? null), put: async (k, v) => void rows.set(k, structuredClone(v)) },
    pay: async () => { throw new Error('a visit'); },
  });
  const visit = (seat) => fetchDue(root, 's-1', issuers, standing, { day: 0, epoch, key: true, seat: true, eligible: true, why: '', right_epoch: null, ...seat }, false);
  return { root, standing, visit };
}

test('a seat is served its right and the reading of an epoch once, and asks for nothing that is there', async () => {
  const { visit, standing } = device();
  await visit({});
  assert.deepEqual(asked.map(({ right, read }) => ({ right, read })), [{ right: true, read: 28 }]);
  await visit({ right_epoch: epoch });
  assert.equal(asked.length, 1, 'nothing lacks');
  assert.equal((await standing.state()).reads.epoch, epoch);
});

test('whoever has fetched a right has spoken, and whoever has fetched reading has not', async () => {
  const { visit } = device();
  await visit({ right_epoch: epoch - 3 });
  assert.deepEqual(asked.map(({ right, read }) => ({ right, read })), [{ right: false, read: 28 }]);
  assert.equal(spokeAt(), 0);
  await device().visit({});
  assert.ok(spokeAt() >= Date.now(), 'to the hour, upwards');
});

test('another device of hers asks for its own reading, and gets the same', async () => {
  const one = device();
  const other = device(one.root);
  await one.visit({ right_epoch: epoch });
  await other.visit({ right_epoch: epoch });
  assert.deepEqual((await one.standing.state()).reads, (await other.standing.state()).reads);
});

test('a seat that is not eligible asks for nothing', async () => {
  const { visit } = device();
  await visit({ eligible: false });
  await visit({ key: false });
  await visit({ seat: false });
  assert.deepEqual(asked, []);
});
