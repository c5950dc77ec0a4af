// What guests and those they call seal for each other, with real HPKE.
import assert from 'node:assert/strict';
import test from 'node:test';
import { decode, encode, random } from '../account/bytes.ts';
import { Answering, Asking, fingerprint, suite } from './handshake.ts';
import { linkKeys } from './link.ts';

const id = '0123456789abcdefghjkmnpqrs';
const other = '0123456789abcdefghjkmnpqrt';

async function link(root = random(32)) {
  const keys = await linkKeys(root, id);
  return { ...keys, text: encode(keys.public), print: await fingerprint(keys.public) };
}

const bytes = (hex) => Uint8Array.from(Buffer.from(hex, 'hex')).buffer;
const hex = (b) => Buffer.from(b).toString('hex');

/** RFC 9180, A.3.1 and A.3.1.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode, sequence number 0. */
const known = {
  info: '4f6465206f6e2061204772656369616e2055726e',
  ikmE: '4270e54ffd08d79d5928020af4686d8f6b7d35dbe470265f1f5aa22816ce860e',
  pkRm: '04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0',
  skRm: 'f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2',
  enc: '04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4',
  pt: '4265617574792069732074727574682c20747275746820626561757479',
  aad: '436f756e742d30',
  ct: '5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434',
  exported: '5e9bc3d236e1911d95e65b576a8a86d478fb827e8bdfe77b741b289890490d4d',
};

test('it seals and opens as the standard says', async () => {
  const info = bytes(known.info);
  const recipientPublicKey = await suite.kem.deserializePublicKey(bytes(known.pkRm));
  const sender = await suite.createSenderContext({ recipientPublicKey, info, ekm: bytes(known.ikmE) });
  assert.equal(hex(sender.enc), known.enc);
  assert.equal(hex(await sender.seal(bytes(known.pt), bytes(known.aad))), known.ct);
  const recipientKey = await suite.kem.importKey('raw', bytes(known.skRm), false);
  const receiver = await suite.createRecipientContext({ recipientKey, enc: bytes(known.enc), info });
  assert.equal(hex(await receiver.open(bytes(known.ct), bytes(known.aad))), known.pt);
  assert.equal(hex(await receiver.export(new ArrayBuffer(0), 32)), known.exported);
});

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
