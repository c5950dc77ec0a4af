// How long a device keeps the key of a call that it has not answered.
import { strict as assert } from 'node:assert';
import { beforeEach, test } from 'node:test';
import { CallKeys, LASTS } from './callkey.ts';

let records;
let now;
const book = {
  get: async (name) => records.get(name),
  all: async (prefix) => [...records].filter(([name]) => name.startsWith(prefix)),
  put: async (changes) => {
    for (const [name, value] of Object.entries(changes)) value === undefined ? records.delete(name) : records.set(name, value);
  },
};
const keys = new CallKeys(book, () => now);

beforeEach(() => {
  records = new Map([['talk/1', { until: 0 }]]);
  now = 1_800_000_000_000;
});

test('it is there for whoever answers, if it came from whom it should', async () => {
  await keys.keep('a', 'key', 'ana');
  now += 110_000; // seated at the last moment, answered at the last, and waited for
  await keys.sweep();
  assert.equal(await keys.of('a', 'ana'), 'key');
  assert.equal(await keys.of('a', 'bo'), null);
  assert.equal(await keys.of('b', 'ana'), null);
});

test('a device that does not answer keeps it for minutes', async () => {
  await keys.keep('a', 'key', 'ana');
  now += LASTS;
  assert.equal(await keys.of('a', 'ana'), null);
  await keys.keep('b', 'key', 'ana');
  await keys.sweep();
  assert.deepEqual([...records.keys()], ['talk/1', 'call/b']);
  assert.ok(LASTS <= 5 * 60_000);
});

test('whoever has it forgets it', async () => {
  await keys.keep('a', 'key', 'ana');
  await keys.forget('a');
  assert.deepEqual([...records.keys()], ['talk/1']);
});

test('what was kept for half a day goes too, and what a clock that was set back would keep', async () => {
  records.set('call/old', { key: 'key', from: 'ana', until: now + 11 * 3_600_000 });
  await keys.sweep();
  assert.deepEqual([...records.keys()], ['talk/1']);
});
