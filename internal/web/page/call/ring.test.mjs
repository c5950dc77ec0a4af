// What a page does when somebody calls, in quiet hours and outside them.
import { strict as assert } from 'node:assert';
import { beforeEach, test } from 'node:test';
import { rings, show } from './ring.ts';

let said;
let sounded;
globalThis.matchMedia = () => ({ matches: false });
globalThis.fetch = async (at) => {
  said.push(at);
  return new Response('[]');
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

const element = () => {
  const made = { dataset: {}, children: [], listeners: {}, setAttribute: () => undefined, remove: () => undefined };
  made.append = (...more) => made.children.push(...more);
  made.addEventListener = (what, does) => (made.listeners[what] = does);
  return made;
};

test('a meeting that begins sounds, says of no call that it rings, and is put away', async () => {
  const body = element();
  globalThis.document = { createElement: element, body };
  globalThis.window = globalThis;
  show([{ id: 'one', text: 'It begins', answer: 'Open', decline: 'Put away', later: '', href: '/bookings#meeting-one' }]);
  assert.equal(sounded, 1);
  assert.deepEqual(said, []);
  const [, acts] = body.children[0].children;
  assert.equal(acts.children[0].href, '/bookings#meeting-one');
  acts.children[1].listeners.click();
  assert.deepEqual(said, ['/bookings/one/seen']);
  show([]);
  show([{ id: 'two', text: 'It has begun', answer: 'Open', decline: 'Put away', later: '', href: '/bookings#meeting-two', quiet: true }]);
  assert.equal(sounded, 1);
  show([]);
});
