// What the scripts of messages leave on the device: masks must know that it was used.
import { strict as assert } from 'node:assert';
import { beforeEach, test } from 'node:test';
import { spokeAt } from '../space/spoke.ts';
import { box, receive, text } from './hall.ts';

const kept = new Map();
globalThis.localStorage = { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v) };

/** The hall answers all requests so. */
const answering = (status, data) => {
  globalThis.fetch = async () => new Response(JSON.stringify(data), { status });
};

beforeEach(() => kept.clear());

test('whoever looks has not spoken', async () => {
  answering(200, []);
  await box('leaf');
  assert.equal(spokeAt(), 0);
});

test('whoever takes what waits, or sends, has', async () => {
  answering(200, {});
  await receive('leaf', ['item']);
  assert.ok(spokeAt() >= Date.now());
  kept.clear();
  await text('leaf', 'group', { epoch: 1, once: 'x', body: 'y' });
  assert.ok(spokeAt() >= Date.now());
});

test('what the hall refuses leaves nothing there, and so nothing here', async () => {
  answering(409, { message: 'Another was faster.', key: 'message.behind' });
  await assert.rejects(text('leaf', 'group', { epoch: 1, once: 'x', body: 'y' }));
  assert.equal(spokeAt(), 0);
});
