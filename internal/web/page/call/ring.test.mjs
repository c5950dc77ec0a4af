// What a page does when somebody calls, in quiet hours and outside them.
import { strict as assert } from 'node:assert';
import { beforeEach, test } from 'node:test';
import { rings } from './ring.ts';

let said;
let sounded;
globalThis.matchMedia = () => ({ matches: false });
globalThis.fetch = async (at) => {
  said.push(at);
  return new Response('{}');
};
const locks = {
  request: async () => {
    sounded++;
  },
};
// Newer versions of Node have one of their own, without locks.
Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true });

beforeEach(() => {
  said = [];
  sounded = 0;
});

test('it rings, and says so', () => {
  assert.equal(typeof rings('a-call', false), 'function');
  assert.deepEqual(said, ['/calls/a-call/rings']);
  assert.equal(sounded, 1);
});

test('in quiet hours it makes no sound, and does not say that it rings', () => {
  assert.equal(rings('a-call', true), null);
  assert.deepEqual(said, []);
  assert.equal(sounded, 0);
});
