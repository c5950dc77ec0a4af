// One message that is shown to stewards, and what nobody can pass off as it. Run by `npm test`.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { encode, random } from '../account/bytes.ts';
import { lineOf, readDeed, rewritten, view, writeDeed } from './content.ts';
import { identityOf } from './identity.ts';
import { proves, spoken, withProof } from './said.ts';

const AT = 20_000 * 86_400_000 + 5;
const text = (more = {}) => ({ id: 'a', at: AT, t: 'text', text: 'You will regret this.', reads: true, ...more });
const file = { id: '0'.repeat(26), key: encode(new Uint8Array(32).fill(7)), name: 'contract.pdf', size: 12345 };

test('words are believed only as their author has signed them', async () => {
  const [ana, bo] = [await identityOf(random(32)), await identityOf(random(32))];
  for (const d of [text(), text({ text: '', file }), { id: 'b', at: AT, t: 'edit', of: 'a', text: 'At one.' }]) {
    const said = await withProof(d, ana);
    assert.ok(await proves(readDeed(writeDeed(said)), ana.public));
    assert.ok(!(await proves(said, bo.public)), 'by another');
    assert.ok(!(await proves({ ...said, text: 'I have paid you.' }, ana.public)), 'other words');
    assert.ok(!(await proves({ ...said, at: AT + 86_400_000 }, ana.public)), 'another day');
    assert.ok(!(await proves(d, ana.public)), 'unsigned');
    assert.ok(!(await proves({ ...said, said: 'AAAA' }, ana.public)), 'no signature');
  }
  const said = await withProof(text({ file }), ana);
  for (const other of [{ name: 'other.pdf' }, { size: 1 }, { key: encode(random(32)) }, { id: '1'.repeat(26) }]) {
    assert.ok(!(await proves({ ...said, file: { ...file, ...other } }, ana.public)), JSON.stringify(other));
  }
  for (const d of [text({ text: 'a\0b' }), text({ at: -1 }), text({ at: 1e300 }), text({ at: 200_001 * 86_400_000 })]) {
    assert.ok(!(await proves(await withProof(d, ana), ana.public)), 'what the hall would not believe');
  }
});

test('what is shown holds neither the conversation nor the key of a file', async () => {
  const s = await spoken(await withProof(text({ file, to: 'before' }), await identityOf(new Uint8Array(32).fill(1))));
  assert.deepEqual(Object.keys(s).sort(), ['day', 'file_name', 'file_seal', 'file_size', 'proof', 'words']);
  const all = JSON.stringify(s);
  for (const secret of [file.key, file.id, 'before', String(AT)]) assert.ok(!all.includes(secret), secret);
  // The hall's own test reads the same line.
  assert.equal(all, VECTOR);
});

test('who changes her words is reported for those that stand there; what is deleted, for none', async () => {
  const ana = await identityOf(random(32));
  const first = lineOf(await withProof(text(), ana), 1, 'ana');
  const other = lineOf(await withProof({ id: 'b', at: AT, t: 'edit', of: 'a', text: 'Sorry.' }, ana), 2, 'ana');
  assert.equal((await spoken(view([first, other]).shown[0].spoken)).proof, other.said);
  const gone = lineOf({ id: 'c', at: AT, t: 'gone', of: 'a' }, 3, 'ana');
  assert.equal(view([first, other, gone]).shown[0].spoken, undefined);
  const left = rewritten([['line/1', first], ['line/2', other]], 'line/3', gone);
  assert.ok(!JSON.stringify(left).includes('said'), 'a signature says which words they were');
});

test('how far a message came: the furthest counts', () => {
  const mine = lineOf(text(), 1, 'ana');
  const got = lineOf({ id: 'g', at: AT, t: 'got', of: 'a' }, 2, 'bo');
  assert.deepEqual(view([mine]).got, {});
  assert.deepEqual(view([mine, lineOf(readDeed(writeDeed({ id: 'g', at: AT, t: 'got', of: 'a' })), 2, 'bo')]).got, { bo: 1 });
  assert.deepEqual(view([mine, got]).reads, {});
});

const VECTOR =
  '{"day":20000,"words":"You will regret this.","proof":"8TQCCZAbkzF59m5B3csNF89iSaASnYAcbMnp0pqwW39EyPUfg9YS7J-s-kFEYu9WKXzYkPXuRzlkjGqGHuQzMg","file_name":"contract.pdf","file_size":12345,"file_seal":"4ec5053574ad3bdee7f16baad60596904973939e7afe618106af3df124fac63a"}';
