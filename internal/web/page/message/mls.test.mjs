// Conversations between devices, without a hall. Run by `npm test`.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { random, utf8 } from '../account/bytes.ts';
import { readDeed, rewritten, view, writeDeed } from './content.ts';
import { identityOf, prove, proven } from './identity.ts';
import { Conversation, deviceKeys, packages } from './mls.ts';

const anybody = () => true;

/** A device of somebody, who is her root and her name. */
async function device(face, root, leaf = `leaf-${face}-${Math.random()}`) {
  const identity = await identityOf(root);
  const keys = await deviceKeys();
  const pins = {};
  const own = { who: prove(identity, face, leaf, keys.publicKey), ...keys };
  const trust = async (w, key) => {
    const k = Buffer.from(w.identity).toString('hex');
    pins[w.face] ??= k;
    return proven(w, key) && pins[w.face] === k;
  };
  return { own, trust, leaf, face, mine: await packages(own, 2), pins };
}

async function two() {
  const [rootA, rootB] = [random(32), random(32)];
  const [a, b] = [await device('ana', rootA), await device('bo', rootB)];
  const begun = await (await Conversation.begin('talk', a.own, a.trust)).change([b.mine[0].body], []);
  const joined = await Conversation.join(begun.welcome, b.mine, b.own, b.trust);
  return { rootA, rootB, a, b, ana: begun.talk, bo: joined.talk, used: joined.used };
}

const said = (r) => new TextDecoder().decode(r.text);

describe('two devices', () => {
  test('read each other, and nobody reads twice', async () => {
    const { ana, bo, b, used } = await two();
    assert.equal(used, b.mine[0]);
    const w = await ana.write(utf8('let us meet at noon'));
    const r = await bo.read(w.sealed, anybody);
    assert.equal(said(r), 'let us meet at noon');
    assert.equal(r.from.face, 'ana');
    await assert.rejects(r.talk.read(w.sealed, anybody), 'a replay is read');
    assert.deepEqual(await w.talk.safety(), await r.talk.safety());
    const back = await r.talk.write(utf8('yes'));
    assert.equal(said(await w.talk.read(back.sealed, anybody)), 'yes');
  });

  test('texts come in any order, and a kept state goes on', async () => {
    const { ana, bo, a, b } = await two();
    const one = await ana.write(utf8('1'));
    const two_ = await Conversation.open(one.talk.keep(), a.trust).write(utf8('2'));
    const second = await bo.read(two_.sealed, anybody);
    assert.equal(said(second), '2');
    assert.equal(said(await Conversation.open(second.talk.keep(), b.trust).read(one.sealed, anybody)), '1');
  });

  test('what is sealed grows in steps of 256 bytes', async () => {
    const { ana } = await two();
    const lengths = new Set();
    for (let n = 0; n < 700; n += 9) {
      const { sealed } = await ana.write(new Uint8Array(n));
      // After the head stand an empty field, 28 bytes of sender and the length of what is sealed.
      const head = 2 + 2 + 1 + 'talk'.length + 8 + 1 + 1 + 29;
      const v = sealed.slice(head);
      const [size, at] = v[0] >> 6 === 1 ? [((v[0] & 63) << 8) | v[1], 2] : [v[0] & 63, 1];
      assert.equal(v.length, at + size);
      assert.equal((size - 16) % 256, 0, `${n} bytes`);
      lengths.add(size);
    }
    assert.equal(lengths.size, 4);
  });
});

describe('devices come and go', () => {
  test('a second device of hers reads on, and says whose it is', async () => {
    const { ana, bo, rootB, b } = await two();
    const other = await device('bo', rootB);
    const c = await ana.change([other.mine[0].body], []);
    const seen = await bo.read(c.commit, (w) => w.face === 'bo');
    assert.equal(seen.text, null);
    const late = (await Conversation.join(c.welcome, other.mine, other.own, other.trust)).talk;
    assert.deepEqual(late.members.map((m) => m.face), ['ana', 'bo', 'bo']);
    const w = await c.talk.write(utf8('to both'));
    assert.equal(said(await late.read(w.sealed, anybody)), 'to both');
    assert.equal(said(await seen.talk.read(w.sealed, anybody)), 'to both');
    assert.equal(Conversation.open(seen.talk.keep(), b.trust).epoch, 2);
  });

  test('one that was taken out reads no more', async () => {
    const { ana, bo, b } = await two();
    const c = await ana.change([], [b.leaf]);
    const out = await bo.read(c.commit, anybody);
    assert.ok(out.talk.out);
    const w = await c.talk.write(utf8('alone'));
    await assert.rejects(out.talk.read(w.sealed, anybody));
    await assert.rejects(bo.read(w.sealed, anybody));
    await assert.rejects(out.talk.write(utf8('still here')));
  });

  test('of two changes at once only one fits', async () => {
    const { ana, bo, rootA, rootB } = await two();
    const mine = await ana.change([(await device('ana', rootA)).mine[0].body], []);
    const hers = await bo.change([(await device('bo', rootB)).mine[0].body], []);
    await assert.rejects(hers.talk.read(mine.commit, anybody));
    const read = await bo.read(mine.commit, anybody); // she was behind, and drops her own
    assert.deepEqual(await read.talk.safety(), await mine.talk.safety());
  });

  test('a text from before a change is still read; one from long before is not', async () => {
    const { ana, bo, rootB } = await two();
    const early = await ana.write(utf8('early'));
    let [x, y] = [early.talk, bo];
    for (let i = 0; i < 9; i++) {
      const c = await x.change(i === 0 ? [(await device('bo', rootB)).mine[0].body] : [], []);
      x = c.talk;
      y = (await y.read(c.commit, anybody)).talk;
      if (i === 0) assert.equal(said(await y.read(early.sealed, anybody)), 'early');
    }
    await assert.rejects(y.read(early.sealed, anybody));
  });
});

describe('a room', () => {
  test('of thirty: all read, and whoever is taken out reads no more', async (t) => {
    const all = [];
    for (let i = 0; i < 30; i++) all.push(await device(`face${i}`, random(32)));
    const [ana, ...others] = all;
    const begun = performance.now();
    const made = await (await Conversation.begin('room', ana.own, ana.trust)).change(others.map((o) => o.mine[0].body), []);
    t.diagnostic(`${Math.round(performance.now() - begun)} ms to seal a room of thirty, ${made.commit.length + made.welcome.length} bytes`);
    const [bo, cleo] = await Promise.all(others.slice(0, 2).map(async (o) => (await Conversation.join(made.welcome, o.mine, o.own, o.trust)).talk));
    const w = await made.talk.write(utf8('to all'));
    const [heard, heardToo] = [await bo.read(w.sealed, anybody), await cleo.read(w.sealed, anybody)];
    assert.equal(said(heard), 'to all');
    const out = await w.talk.change([], [others[0].leaf]);
    assert.equal((await heard.talk.read(out.commit, anybody)).talk.out, true);
    const later = await out.talk.write(utf8('without bo'));
    await assert.rejects(heard.talk.read(later.sealed, anybody), 'whoever is out reads on');
    assert.equal(said(await (await heardToo.talk.read(out.commit, anybody)).talk.read(later.sealed, anybody)), 'without bo');
  });
});

describe('nobody is slipped in', () => {
  test('a device that another key has signed', async () => {
    const { ana, bo } = await two();
    const ghost = await device('bo', random(32)); // of the hall's own making
    await assert.rejects(ana.change([ghost.mine[0].body], []));
    const other = await two();
    await assert.rejects(bo.read((await other.ana.change([], [])).commit, anybody), 'a change of another conversation');
  });

  test('a device whose proof is for another leaf', async () => {
    const root = random(32);
    const d = await device('bo', root, 'one');
    assert.ok(proven(d.own.who, d.own.publicKey));
    assert.ok(!proven({ ...d.own.who, leaf: 'two' }, d.own.publicKey));
    assert.ok(!proven({ ...d.own.who, face: 'ana' }, d.own.publicKey));
    assert.ok(!proven({ ...d.own.who, identity: random(65) }, d.own.publicKey));
    assert.deepEqual((await identityOf(root)).public, (await identityOf(root)).public);
  });

  test('a person who is not of the two', async () => {
    const { ana, bo } = await two();
    const cleo = await device('cleo', random(32));
    const c = await ana.change([cleo.mine[0].body], []);
    await assert.rejects(bo.read(c.commit, (w) => w.face !== 'cleo'));
  });

  test('bytes that are none', async () => {
    const { bo, ana } = await two();
    for (const b of [new Uint8Array(), utf8('let us meet'), random(4000)]) await assert.rejects(bo.read(b, anybody));
    const { sealed } = await ana.write(utf8('x'));
    for (const at of [3, 20, sealed.length - 1]) {
      const bad = sealed.slice();
      bad[at] ^= 1;
      await assert.rejects(bo.read(bad, anybody));
    }
  });
});

describe('what is said', () => {
  const line = (n, from, d) => ({ at: 1, n, from, ...d });
  test('goes there and back, and nothing else is read', () => {
    const d = { id: 'a', at: 5, t: 'text', text: 'hello', reads: true, to: 'b' };
    assert.deepEqual(readDeed(writeDeed(d)), d);
    for (const bad of ['', 'null', '[]', '{"t":"text"}', '{"id":"a","at":1,"t":"text","text":""}', '{"id":"a","at":1,"t":"react","of":"b","with":"<b>"}', '{"id":"a","at":1,"t":"ban","of":"b"}',
      JSON.stringify({ id: 'a', at: 1, t: 'text', text: 'x'.repeat(9000) })]) {
      assert.equal(readDeed(utf8(bad)), null, bad);
    }
    assert.equal(readDeed(Uint8Array.of(0xff)), null);
  });
  test('is changed by its author only, and shown once', () => {
    const v = view([
      line(1, 'ana', { id: 'a', t: 'text', text: 'one', reads: true }), line(2, 'bo', { id: 'x', t: 'edit', of: 'a', text: 'forged' }),
      line(3, 'bo', { id: 'y', t: 'gone', of: 'a' }), line(4, 'ana', { id: 'z', t: 'edit', of: 'a', text: 'two' }),
      line(5, 'bo', { id: 'r', t: 'react', of: 'a', with: '👍' }), line(6, 'bo', { id: 's', t: 'react', of: 'a', with: '' }),
      line(7, 'bo', { id: 'm', t: 'read', of: 'a' }), line(8, 'ana', { id: 'a', t: 'text', text: 'one again', reads: false }),
    ]);
    assert.equal(v.shown.length, 1);
    assert.equal(v.shown[0].text, 'two');
    assert.ok(v.shown[0].edited);
    assert.deepEqual(v.shown[0].reactions, {});
    assert.equal(v.reads.bo, 1);
    const gone = view([line(1, 'ana', { id: 'a', t: 'text', text: 'one', reads: true }), line(2, 'ana', { id: 'g', t: 'gone', of: 'a' }), line(3, 'ana', { id: 'e', t: 'edit', of: 'a', text: 'back' })]);
    assert.deepEqual([gone.shown[0].kind, gone.shown[0].text], ['gone', '']);
  });

  /** Keeps lines as a device does. */
  const keeping = (...lines) => {
    const kept = {};
    for (const l of lines) Object.assign(kept, l.t === 'gone' || l.t === 'edit' ? rewritten(Object.entries(kept), `line/${l.n}`, l) : { [`line/${l.n}`]: l });
    return Object.values(kept);
  };
  const file = { id: 'f'.repeat(26), key: 'secret', name: 'harbour.jpg', size: 5 };
  const first = line(1, 'ana', { id: 'a', t: 'text', text: 'heron one', reads: true, file });
  const edit = line(2, 'ana', { id: 'b', t: 'edit', of: 'a', text: 'heron two' });

  test('is not kept when its author has deleted it', () => {
    const kept = keeping(first, line(2, 'ana', { id: 'o', t: 'text', text: 'otter', reads: true }), { ...edit, n: 3 },
      line(4, 'ana', { id: 'g', t: 'gone', of: 'a' }), line(5, 'ana', { id: 'c', t: 'edit', of: 'a', text: 'heron back' }));
    assert.doesNotMatch(JSON.stringify(kept), /heron|secret|harbour/);
    assert.deepEqual(view(kept).shown.map((s) => [s.kind, s.text]), [['gone', ''], ['text', 'otter']]);
    const forged = keeping(first, line(2, 'bo', { id: 'g', t: 'gone', of: 'a' }), line(3, 'bo', { id: 'e', t: 'edit', of: 'a', text: 'swan' }));
    assert.equal(view(forged).shown[0].text, 'heron one');
  });

  test('is kept in its last words, and goes with them', () => {
    const kept = keeping(first, edit, { ...edit, n: 3, text: 'heron three', until: Date.now() + 5 });
    assert.doesNotMatch(JSON.stringify(kept), /heron (one|two)/);
    const shown = view(kept).shown[0];
    assert.deepEqual([shown.text, shown.edited, shown.file], ['heron three', true, file]);
    assert.equal(kept[0].until, kept[2].until);
    const sooner = keeping({ ...first, until: 5 }, { ...edit, until: 9 });
    assert.deepEqual(sooner.map((l) => l.until), [5, 9]);
  });
});
