// What passes when somebody points: hostile words change nothing, places fall on the same spot.
import assert from 'node:assert/strict';
import test from 'node:test';
import { picture, placeIn, read, told } from './marks.ts';

test('what is told is read as it was', () => {
  const m = { on: 'seat', draws: true, at: [[0, 0], [0.25, 0.75], [1, 1]] };
  assert.deepEqual(read(JSON.parse(JSON.stringify(told(m)))), m);
  assert.equal(told({ ...m, at: Array.from({ length: 500 }, () => [0.5, 0.5]) }).at.length, 20);
});

test('what no page says is nothing', () => {
  const good = { t: 'mark', on: 'seat', draws: false, at: [[1, 2]] };
  assert.ok(read(good));
  for (const bad of [
    { on: 7 }, { on: 'x'.repeat(65) }, { draws: 'yes' }, { at: [] }, { at: 'x' }, { at: [[1]] }, { at: [[1, 2, 3]] }, { at: [[-1, 2]] }, { at: [[1, 10_001]] },
    { at: [[NaN, 1]] }, { at: [['1', 1]] }, { at: [null] }, { at: Array.from({ length: 21 }, () => [1, 1]) }, { at: { length: 1, 0: [1, 1] } }, { at: [[Infinity, 0]] },
  ]) assert.equal(read({ ...good, ...bad }), null, JSON.stringify(bad));
});

test('places are of the picture, not of its frame', () => {
  const wide = picture({ left: 10, top: 20, width: 200, height: 200 }, 400, 200);
  assert.deepEqual(wide, { left: 10, top: 70, width: 200, height: 100 });
  assert.deepEqual(placeIn(wide, 110, 120), [0.5, 0.5]);
  assert.equal(placeIn(wide, 110, 60), null);
  const box = { left: 0, top: 0, width: 5, height: 5 };
  assert.equal(picture(box, 0, 0), box);
});
