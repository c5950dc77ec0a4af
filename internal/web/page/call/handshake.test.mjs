// What guests and those they call seal for each other, with real HPKE.
import assert from 'node:assert/strict';
import test from 'node:test';
import { decode, encode, random } from '../account/bytes.ts';
import { Answering, Asking, fingerprint } from './handshake.ts';
import { linkKeys } from './link.ts';

const id = '0123456789abcdefghjkmnpqrs';
const other = '0123456789abcdefghjkmnpqrt';

async function link(root = random(32)) {
  const keys = await linkKeys(root, id);
  return { ...keys, text: encode(keys.public), print: await fingerprint(keys.public) };
}

/** A whole call. */
async function called(l, call = 'call') {
  const guest = await Asking.begin(l.text, l.print, id);
  const answer = await Answering.begin(l.pair, l.public, id, call, guest.asked);
  return { guest, answer, done: await guest.finish(call, answer.answered) };
}

test('both sides have one key and see the same digits', async () => {
  const l = await link();
  const { answer, done } = await called(l);
  assert.deepEqual(done.key, answer.key);
  assert.equal(done.key.length, 32);
  assert.match(done.digits, /^\d{3} \d{3}$/);
  assert.equal(await answer.digits(done.number), done.digits);
});

test('every device of hers has the key, and another link has another', async () => {
  const root = random(32);
  const [a, b] = [await link(root), await link(root)];
  assert.deepEqual(a.public, b.public);
  assert.notDeepEqual((await linkKeys(root, other)).public, a.public);
  const guest = await Asking.begin(a.text, a.print, id);
  assert.ok(await Answering.begin(b.pair, b.public, id, 'call', guest.asked));
});

test('a key with another fingerprint is refused', async () => {
  const [mine, false_] = [await link(), await link()];
  assert.equal(await Asking.begin(false_.text, mine.print, id), null);
  assert.equal(await Asking.begin(mine.text, '', id), null);
  assert.equal(await Asking.begin('AAAA', mine.print, id), null);
});

test('who called before cannot open a later call, nor can the hall', async () => {
  const l = await link();
  const [first, later] = [await called(l), await called(l)];
  assert.notDeepEqual(first.done.key, later.done.key);
  // With all that the first guest holds, and all that the hall has seen of the later one.
  assert.equal(await first.guest.finish('call', later.answer.answered), null);
  const hall = await link();
  assert.equal(await Answering.begin(hall.pair, hall.public, id, 'call', later.guest.asked), null);
});

test('her link key, stolen later, opens no call that is over', async () => {
  const l = await link();
  const { guest, answer, done } = await called(l);
  const thief = await Answering.begin(l.pair, l.public, id, 'call', guest.asked);
  assert.notDeepEqual(thief.key, done.key); // the secret of the answer was sealed for a key that is gone
  assert.notEqual(thief.answered, answer.answered);
});

test('what belongs to another call or link, or was changed, is no answer', async () => {
  const l = await link();
  const { guest, answer } = await called(l);
  assert.equal(await guest.finish('another', answer.answered), null);
  assert.equal(await guest.finish('call', ''), null);
  const changed = decode(answer.answered);
  changed[changed.length - 1] ^= 1;
  assert.equal(await guest.finish('call', encode(changed)), null);
  assert.equal(await Answering.begin(l.pair, l.public, other, 'call', guest.asked), null);
  assert.equal(await Answering.begin(l.pair, l.public, id, 'call', guest.asked.slice(4)), null);
});

test('who stands between has other digits, whatever she tells', async () => {
  const [hers, between] = [await link(), await link()];
  const one = await called(between); // the guest was given a false link
  const two = await called(hers);
  const seen = await two.answer.digits(two.done.number);
  assert.notEqual(one.done.key, two.done.key);
  assert.notEqual(one.done.digits, seen); // by chance they are alike once in a million
  // The number of one call opens no other: it was bound before the answer.
  assert.equal(await two.answer.digits(one.done.number), null);
  assert.equal(await two.answer.digits(''), null);
});
