// What is due at a moment of a meeting.
import { strict as assert } from 'node:assert';
import { test } from 'node:test';

globalThis.HTMLElement = class {};
const { due } = await import('./bell.ts');
const minute = 60_000;
const s = { now: 0, opens: 8 * minute, start: 10 * minute, end: 40 * minute, state: 'firm', open: false, work: '' };

test('it rings at its minute and for five, and is open from two before until its end', () => {
  for (const [at, rings, opens, again] of [
    [0, false, false, 8 * minute],
    [8 * minute, false, true, 2 * minute],
    [10 * minute - 1, false, true, 1],
    [10 * minute, true, true, 10 * minute],
    [15 * minute - 1, true, true, 10 * minute],
    [15 * minute, false, true, 10 * minute],
    [39 * minute, false, true, minute],
    [40 * minute, false, false, 10 * minute],
  ]) assert.deepEqual(due(s, at), { rings, opens, again }, String(at / minute));
});

test('one that is shorter than that rings no longer than it lasts', () => {
  assert.equal(due({ ...s, end: 12 * minute }, 12 * minute).rings, false);
});
