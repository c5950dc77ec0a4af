// Keys of a group, passed between pages on a bus that stands for the server of calls: real
// HPKE and AES, a clock of the test's own.
import assert from 'node:assert/strict';
import test from 'node:test';
import { encode, random } from '../account/bytes.ts';
import { Keys, Kind } from './keys.ts';

/** A call: what pages send reaches the others, in order, when the test lets it. */
class Bus {
  pages = new Map();
  waits = [];
  cut = new Set(); // seats that nothing reaches
  frames = []; // all that was sent
  timers = [];

  async page(seat, { key, invites = [], by = '' } = {}) {
    const put = new Map();
    const p = { seat, put, now: -1, said: [], keys: null, changed: 0 };
    p.keys = await Keys.begin(seat, random(32), invites, { held: () => p.changed++ }, (f, ms) => this.timers.push({ f, ms }));
    await p.keys.on({
      send: async (frame, to) => {
        this.frames.push({ from: seat, frame, to });
        this.waits.push({ from: seat, frame, to });
      },
      put: async (n, k, now) => {
        put.set(n, encode(k));
        if (now) p.now = n;
      },
    });
    if (key) await p.keys.adopt({ n: 0, key, by });
    this.pages.set(seat, p);
    return p;
  }

  async flush() {
    for (let w = this.waits.shift(); w; w = this.waits.shift()) {
      for (const [seat, p] of this.pages) {
        if (seat === w.from || (w.to && !w.to.includes(seat)) || this.cut.has(seat)) continue;
        const words = await p.keys.heard(w.frame, w.from);
        if (words) p.said.push([w.from, words]);
      }
    }
  }

  /** Lets time pass, up to so much. */
  async passes(ms) {
    const due = this.timers.filter((t) => t.ms <= ms);
    this.timers = this.timers.filter((t) => t.ms > ms).map((t) => ({ ...t, ms: t.ms - ms }));
    for (const t of due) t.f();
    await new Promise((r) => setTimeout(r, 20)); // what a timer began
    await this.flush();
  }

  async settle(...seats) {
    for (const s of seats) await this.pages.get(s)?.keys.settle(seats);
    await this.flush();
  }
}

const held = (...pages) => new Set(pages.map((p) => (p.keys.held ? `${p.keys.held.n} ${encode(p.keys.held.key)}` : 'none')));

/** Two who speak, under the key that went by message. */
async function two() {
  const bus = new Bus();
  const key = random(32);
  const [a, b] = [await bus.page('a', { key }), await bus.page('b', { key })];
  await bus.settle('a', 'b');
  return { bus, key, a, b };
}

/** A third whom a brings in. */
async function three() {
  const t = await two();
  const secret = random(32);
  t.a.keys.invite(secret);
  const c = await t.bus.page('c', { invites: [secret] });
  await t.bus.settle('a', 'b', 'c');
  await c.keys.ask();
  await t.bus.flush();
  return { ...t, c, secret };
}

test('two say things to each other, and nobody else opens or changes them', async () => {
  const { bus, a, b } = await two();
  const eve = await bus.page('e', { key: random(32) });
  await a.keys.say({ t: 'say', text: 'hello' });
  await bus.flush();
  assert.deepEqual(b.said, [['a', { t: 'say', text: 'hello' }]]);
  assert.deepEqual(eve.said, []);
  const { frame } = bus.frames.at(-1);
  assert.equal(await b.keys.heard(frame, 'c'), null, 'of somebody who is not there');
  const c = await bus.page('c', { key: a.keys.held.key });
  await c.keys.settle(['a', 'b', 'c']);
  await b.keys.settle(['a', 'b', 'c']);
  assert.equal(await b.keys.heard(frame, 'c'), null, 'in the name of another');
  const bad = frame.slice();
  bad[bad.length - 1] ^= 1;
  assert.equal(await b.keys.heard(bad, 'a'), null);
});

test('a newcomer gets the key of now, another than was before; who has no invitation gets none', async () => {
  const { bus, key, a, b, c, secret } = await three();
  assert.equal(held(a, b, c).size, 1);
  assert.equal(c.keys.held.n, 1);
  assert.notEqual(encode(c.keys.held.key), encode(key));
  assert.ok(bus.frames.every(({ frame }) => !Buffer.from(frame).includes(Buffer.from(c.keys.held.key))));
  assert.equal(a.now, 0, 'it seals under the old key until the others have the new');
  await bus.passes(1000);
  assert.deepEqual([a.now, b.now, c.now], [1, 1, 1]);
  assert.equal(b.put.get(0), encode(key));
  await bus.passes(6000);
  assert.notEqual(b.put.get(0), encode(key), 'the old key opens nothing more');
  const eve = await bus.page('e', { invites: [random(32)] });
  await bus.settle('a', 'b', 'c', 'e');
  await eve.keys.ask();
  await eve.keys.lack();
  await bus.flush();
  assert.equal(eve.keys.held, null);
  assert.equal(a.keys.held.n, 1);
  const stray = await bus.page('f', { invites: [secret] }); // not said to be there
  await stray.keys.ask();
  await bus.flush();
  assert.equal(stray.keys.held, null);
});

test('each of three hears the others', async () => {
  const { bus, a, b, c } = await three();
  await bus.passes(1000);
  for (const p of [a, b, c]) await p.keys.say({ t: 'say', text: p.seat });
  await bus.flush();
  assert.deepEqual(a.said.map(([s]) => s), ['b', 'c']);
  assert.deepEqual(c.said.map(([s]) => s), ['a', 'b']);
});

test('when one leaves, the rest have another key, and who left has not', async () => {
  const { bus, a, b, c } = await three();
  await bus.passes(1000);
  const was = encode(b.keys.held.key);
  const from = bus.frames.length;
  await bus.settle('a', 'c');
  assert.equal(held(a, c).size, 1);
  assert.equal(a.keys.held.n, 2);
  assert.notEqual(encode(a.keys.held.key), was);
  assert.equal(encode(b.keys.held.key), was);
  for (const { frame, from: by } of bus.frames.slice(from)) await b.keys.heard(frame, by); // the server hands him all
  assert.equal(encode(b.keys.held.key), was);
  await bus.passes(1000);
  await a.keys.say({ t: 'say', text: 'without b' });
  await bus.flush();
  assert.deepEqual(c.said.at(-1), ['a', { t: 'say', text: 'without b' }]);
  assert.deepEqual(b.said.filter(([, w]) => w.text === 'without b'), []);
  // What he says under the old key, or makes as a new one, counts for nobody.
  await b.keys.settle(['b', 'c']);
  await bus.flush();
  assert.equal(held(a, c).size, 1);
  assert.equal(a.keys.held.n, 2);
});

test('whoever began leaves, and the lowest of the rest makes the key', async () => {
  const { bus, b, c } = await three();
  await bus.settle('b', 'c');
  assert.equal(held(b, c).size, 1);
  assert.equal(b.keys.held.by, 'b');
});

test('where the first to make it is silent, another does', async () => {
  const { bus, a, b, c } = await three();
  const n = b.keys.held.n;
  bus.pages.delete('a'); // her page is being loaded anew
  for (const p of [b, c]) await p.keys.settle(['a', 'b', 'c', 'd']);
  for (const p of [b, c]) await p.keys.settle(['a', 'b', 'c']);
  assert.equal(b.keys.held.n, n);
  await bus.passes(3000);
  assert.equal(b.keys.held.n, n + 1);
  assert.equal(held(b, c).size, 1);
  bus.pages.set('a', a);
  await a.keys.settle(['a', 'b', 'c']);
  await a.keys.lack();
  await bus.flush();
  assert.equal(held(a, b, c).size, 1);
});

test('of two keys made at once all take one', async () => {
  const { bus, a, b, c } = await three();
  await a.keys.renew();
  await b.keys.renew();
  await bus.flush();
  await bus.passes(3000);
  assert.equal(held(a, b, c).size, 1);
  assert.equal(c.keys.held.by, 'a');
});

test('twelve come one after another, half of them leave', async () => {
  const { bus, a, b } = await two();
  const all = [a, b];
  for (let i = 0; i < 10; i++) {
    const secret = random(32);
    const seat = `c${String.fromCharCode(97 + i)}`;
    const by = all[i % all.length];
    by.keys.invite(secret);
    const p = await bus.page(seat, { invites: [secret] });
    all.push(p);
    await bus.settle(...all.map((q) => q.seat));
    await p.keys.ask();
    await bus.flush();
    await bus.settle(...all.map((q) => q.seat));
    assert.equal(held(...all).size, 1, `after ${seat}`);
    assert.ok(p.keys.held);
    for (const q of all) q.keys.asked = 0; // time has passed
  }
  const [gone, rest] = [all.filter((_, i) => i % 2 === 0), all.filter((_, i) => i % 2 === 1)];
  const was = held(...gone);
  await bus.settle(...rest.map((q) => q.seat));
  await bus.passes(3000);
  assert.equal(held(...rest).size, 1);
  assert.ok(!was.has([...held(...rest)][0]));
});

test('what is hostile changes nothing', async () => {
  const { bus, a, b, c } = await three();
  const was = [...held(a, b, c)];
  const junk = [new Uint8Array(), new Uint8Array(100_000), new Uint8Array([9, 9])];
  for (const kind of Object.values(Kind)) for (const n of [0, 1, 12, 64, 200]) junk.push(new Uint8Array([kind, ...random(n)]));
  for (const frame of junk) assert.equal(await a.keys.heard(frame, 'b'), null);
  await bus.flush();
  // One who is there cannot be replaced, nor flood.
  await b.keys.say({ t: 'here', pub: encode(random(65)), want: false });
  await c.keys.say({ t: 'here', pub: 7, want: 'x' });
  await bus.flush();
  assert.deepEqual([...held(a, b, c)], was);
  const before = a.said.length;
  for (let i = 0; i < 500; i++) await b.keys.say({ t: 'say', text: 'x' });
  await bus.flush();
  assert.ok(a.said.length - before <= 100, `${a.said.length - before} of 500 were looked at`);
});
