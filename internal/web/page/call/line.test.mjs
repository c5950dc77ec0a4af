import assert from 'node:assert/strict';
import test from 'node:test';
import { Line } from './line.ts';

function open(comes) {
  let at = 0;
  const done = { retakes: 0, open: true };
  const network = new EventTarget();
  const line = new Line({ came: async () => comes(), retake: async () => { done.retakes++; return done.open; } }, [[network, 'online']], () => at);
  return { line, network, done, pass: (ms) => { at += ms; } };
}

test('a line on which nothing comes though somebody speaks is taken up, and not again and again', async () => {
  const h = open(() => 7);
  for (let i = 0; i < 2; i++) await h.line.look();
  assert.equal(h.done.retakes, 0);
  await h.line.look();
  assert.equal(h.done.retakes, 1);
  for (let i = 0; i < 5; i++) await h.line.look();
  assert.equal(h.done.retakes, 1);
  h.pass(8001);
  for (let i = 0; i < 3; i++) await h.line.look();
  assert.equal(h.done.retakes, 2);
});

test('a line on which something comes, or nothing should, is left alone', async () => {
  let n = 0;
  const spoken = open(() => ++n);
  for (let i = 0; i < 9; i++) await spoken.line.look();
  const silent = open(() => null);
  for (let i = 0; i < 9; i++) await silent.line.look();
  assert.deepEqual([spoken.done.retakes, silent.done.retakes], [0, 0]);
});

test('another network is taken at once, though the line has just been taken up in vain', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const h = open(() => 7);
  h.line.watch();
  for (let i = 0; i < 3; i++) await h.line.look();
  assert.equal(h.done.retakes, 1);
  h.pass(3000);
  h.network.dispatchEvent(new Event('online'));
  t.mock.timers.tick(300);
  assert.equal(h.done.retakes, 2);
  h.line.end();
});

test('what made no sense is no reason to rest', async () => {
  const h = open(() => 7);
  h.done.open = false;
  for (let i = 0; i < 6; i++) await h.line.look();
  assert.equal(h.done.retakes, 2);
});

test('another network is taken at once, until the call ends', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const h = open(() => null);
  h.line.watch();
  h.network.dispatchEvent(new Event('online'));
  t.mock.timers.tick(300);
  assert.equal(h.done.retakes, 1);
  h.line.end();
  h.pass(9000);
  h.network.dispatchEvent(new Event('online'));
  t.mock.timers.tick(300);
  assert.equal(h.done.retakes, 1);
});
