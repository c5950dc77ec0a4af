// Lifting masks to each other, without a hall: what two say, in the order in which it comes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { decode, encode, random, utf8 } from '../account/bytes.ts';
import { joined } from '../space/derive.ts';
import { signer } from '../space/signer.ts';
import { maskSeed } from '../space/derive.ts';
import { readDeed, writeDeed } from './content.ts';
import { latest, maskKey, seen, show, stand, vow } from './lift.ts';

/** Two who talk: what one says both hear. */
function pair() {
  const lines = [];
  const person = (me, other) => {
    const root = random(32);
    const now = () => latest(lines, 'talk', me, other);
    return {
      root, me, now,
      say: (d) => lines.push({ ...readDeed(writeDeed({ id: 'x', at: 1, ...d })), n: lines.length, from: me }),
      vows: async (lift, n = 0, space = 'designers') =>
        lines.push({ id: 'x', at: 1, t: 'lift', lift, space, ...(await vow(root, { talk: 'talk', lift, space, me, other }, n)), n: lines.length, from: me }),
      sees: async () => now() && seen(root, now()),
      stands: async () => stand(now(), now() && (await seen(root, now()))),
      shows: async (upTo = 3) => lines.push({ id: 'x', at: 1, t: 'lifted', lift: now().lift, ...(await show(root, now(), upTo)), n: lines.length, from: me }),
    };
  };
  return { lines, ana: person('ana', 'bo'), bo: person('bo', 'ana') };
}

describe('two lift their masks', () => {
  test('both vow, then both show, and each knows the other', async () => {
    const { ana, bo, lines } = pair();
    assert.equal(await ana.stands(), 'none');
    await ana.vows('l1', 2);
    assert.equal(await ana.stands(), 'proposed');
    assert.equal(await bo.stands(), 'asked');
    assert.ok(!JSON.stringify(lines).includes(encode(await maskKey(ana.root, 'designers', 2))), 'the vow names the mask');
    await bo.vows('l1', 0);
    assert.equal(await ana.stands(), 'show');
    assert.equal(await bo.stands(), 'awaits'); // who has proposed shows first
    await ana.shows();
    assert.deepEqual(await bo.sees(), await maskKey(ana.root, 'designers', 2));
    assert.equal(await bo.stands(), 'show');
    assert.equal(await ana.stands(), 'awaits');
    await bo.shows();
    assert.equal(await ana.stands(), 'both');
    assert.equal(await bo.stands(), 'both');
    assert.deepEqual(await ana.sees(), await maskKey(bo.root, 'designers', 0));
    for (const l of lines) assert.deepEqual(readDeed(writeDeed(l)) && { ...readDeed(writeDeed(l)), n: l.n, from: l.from }, l); // as it is written
  });

  test('the mask is the one that speaks in the space', async () => {
    const root = random(32);
    assert.deepEqual(await maskKey(root, 'designers', 1), (await signer(await maskSeed(root, 'designers', 1))).key);
  });

  test('nothing is shown when one says no, or takes it back', async () => {
    for (const who of ['ana', 'bo']) {
      const two = pair();
      await two.ana.vows('l1');
      two[who].say({ t: 'unlift', lift: 'l1' });
      await two.bo.vows('l1');
      assert.equal(await two.ana.stands(), 'over');
      assert.equal(await two.bo.stands(), 'over');
      await two.ana.vows('l2'); // proposed anew
      assert.equal(await two.bo.stands(), 'asked');
    }
    const { ana, bo } = pair();
    await ana.vows('l1');
    await bo.vows('l1');
    bo.say({ t: 'unlift', lift: 'l1' });
    assert.equal(await ana.stands(), 'over');
  });

  test('another mask than the vowed is not believed, and nothing is shown for it', async () => {
    const { ana, bo, lines } = pair();
    await ana.vows('l1', 0);
    await bo.vows('l1', 0);
    const other = pair();
    await other.ana.vows('l1', 1);
    await other.bo.vows('l1', 1);
    await other.ana.shows();
    lines.push({ ...other.lines.at(-1), n: lines.length });
    assert.equal(await bo.sees(), null);
    assert.equal(await bo.stands(), 'false');
  });

  test('whoever vows the mask of another cannot show it', async () => {
    const { bo, lines } = pair();
    const stranger = await maskKey(random(32), 'designers', 0); // seen in the space
    const nonce = random(32);
    const b = ['guildhall/messages/lift/1', 'vow', 'talk', 'l1', 'designers', 'ana', 'bo'];
    const whole = new Uint8Array([...joined(...b), 0, ...stranger, ...nonce]);
    const hash = encode(new Uint8Array(await crypto.subtle.digest('SHA-256', whole)));
    lines.push({ id: 'x', at: 1, t: 'lift', lift: 'l1', space: 'designers', hash, fresh: encode(x25519.getPublicKey(random(32))), n: 0, from: 'ana' });
    await bo.vows('l1');
    lines.push({ id: 'x', at: 1, t: 'lifted', lift: 'l1', key: encode(stranger), nonce: encode(nonce), proof: encode(random(32)), n: 2, from: 'ana' });
    assert.equal(await bo.sees(), null);
    for (const weak of [new Uint8Array(32), new Uint8Array([1, ...new Uint8Array(31)])]) { // points that share nothing
      lines[2].key = encode(weak);
      assert.equal(await bo.sees(), null);
    }
  });

  test('what one is shown proves nothing to a third: she could have written it', async () => {
    const { ana, bo, lines } = pair();
    await ana.vows('l1');
    await bo.vows('l1');
    await ana.shows();
    const { key, proof } = lines.at(-1);
    // Bo makes the same proof of his own secret and the public key alone.
    const { derive } = await import('../account/derive.ts');
    const fresh = await derive(bo.root, 'messages lift fresh talk l1');
    const shared = x25519.getSharedSecret(fresh, ed25519.utils.toMontgomery(decode(key)));
    const mac = await crypto.subtle.importKey('raw', shared, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    const made = await crypto.subtle.sign('HMAC', mac, joined('guildhall/messages/lift/1', 'proof', 'talk', 'l1', 'designers', 'ana', 'bo', decode(key)));
    assert.equal(encode(new Uint8Array(made)), proof);
  });

  test('of two proposals the newer holds, and what others say does not count', async () => {
    const { ana, bo, lines } = pair();
    await ana.vows('l1');
    await bo.vows('l2');
    assert.equal(await ana.stands(), 'asked');
    assert.equal(await bo.stands(), 'proposed');
    lines.push({ id: 'x', at: 1, t: 'unlift', lift: 'l2', n: 9, from: 'cleo' });
    assert.equal(await bo.stands(), 'proposed');
    await ana.vows('l2', 0, 'other-space'); // not what was asked
    assert.equal(await bo.stands(), 'proposed');
    assert.equal(readDeed(utf8(JSON.stringify({ id: 'x', at: 1, t: 'lift', lift: 'l', space: 's', hash: 'short', fresh: 'short' }))), null);
  });
});
