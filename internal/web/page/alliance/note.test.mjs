import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MOST, open, seal } from './note.ts';

const root = new Uint8Array(32).fill(7);
const other = new Uint8Array(32).fill(8);

test('a note comes back as it was written, and its length says nothing', async () => {
  const short = await seal(root, 'bo', 'Pays late. قهوة');
  const long = await seal(root, 'bo', 'x'.repeat(MOST));
  assert.equal(short.length, long.length);
  assert.equal(atob(short.replaceAll('-', '+').replaceAll('_', '/')).length, 12 + 4096 + 16);
  assert.equal(await open(root, 'bo', short), 'Pays late. قهوة');
  assert.equal(await open(root, 'bo', long), 'x'.repeat(MOST));
});

test('a note opens for its owner only, and only beside whom it is about', async () => {
  const note = await seal(root, 'bo', 'Pays late.');
  assert.equal(await open(other, 'bo', note), null);
  assert.equal(await open(root, 'cleo', note), null);
  assert.equal(await open(root, 'bo', `${note.slice(0, -4)}AAAA`), null);
  assert.equal(await open(root, 'bo', 'no note'), null);
});

test('too much is refused, and nothing is nothing', async () => {
  assert.equal(await seal(root, 'bo', 'ä'.repeat(MOST / 2 + 1)), null);
  assert.equal(await seal(root, 'bo', ''), '');
  assert.equal(await open(root, 'bo', ''), '');
});

test('the same text, the same key, the same nonce: the same bytes for every client', async () => {
  const note = await seal(root, 'bo', 'Pays late.', new Uint8Array(12));
  assert.equal(note.slice(0, 40), 'AAAAAAAAAAAAAAAA' + note.slice(16, 40));
  assert.equal(note, await seal(root, 'bo', 'Pays late.', new Uint8Array(12)));
});
