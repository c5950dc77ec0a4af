// A person in a space over weeks, against a hall that keeps the rules. Run by `npm test`.
import assert from 'node:assert/strict';
import { constants, createHash, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { decode, encode, random } from '../account/bytes.ts';
import { Broken, issuerKey } from './blind.ts';
import { inquires } from './cases.ts';
import { DAY, dayOf, epochOf, epochStart, HOUR, nextBatch } from './calendar.ts';
import { maskID } from './mask.ts';
import { passMessage, receive, requestReads, requestRight, spendId } from './pass.ts';
import { Standing } from './standing.ts';
import { quiet } from './state.ts';
import { Away, open, STEP, Turned } from './visit.ts';

const part = (b) => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(b.length);
  const all = Buffer.concat([head, b]);
  return Buffer.concat([all, Buffer.alloc((STEP - (all.length % STEP)) % STEP)]);
};

const PARTING = 8192; // bytes

/** What a page that is put away would do, in requests that are all of one length. */
async function said(me) {
  const p = await me.parting();
  const acts = (body) => {
    assert.equal(body.length, PARTING);
    return JSON.parse(Buffer.from(body).toString().slice(87).trimEnd()).acts.map((a) => a.do);
  };
  return { quiet: acts(p.quiet), spoken: acts(p.spoken) };
}

/** The other side of docs/PASSES.md: real signatures, in memory. */
class Hall {
  static keys = new Map(); // made once for all tests: that takes longest
  masks = new Map();
  pool = [];
  posts = [];
  waiting = [];
  spent = new Map();
  visits = [];
  speakers = []; // what the bundle says of masks
  cases = [];
  says = 'waiting'; // of a post that was sent
  lose = 0; // answers to lose

  constructor(now) {
    this.now = now;
  }

  issuer({ purpose, epoch }) {
    const at = `${purpose} ${epoch}`;
    if (!Hall.keys.has(at)) Hall.keys.set(at, generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 65537 }).privateKey);
    return Hall.keys.get(at);
  }

  key(slot) {
    return issuerKey(this.issuer(slot).export({ format: 'jwk' }).n, 65537, 2048);
  }

  sign(slot, request) {
    return new Uint8Array(privateDecrypt({ key: this.issuer(slot), padding: constants.RSA_NO_PADDING }, request));
  }

  async pay(body) {
    const text = Buffer.from(body).toString();
    const v = JSON.parse(text.slice(87).trimEnd());
    this.visits.push({ key: v.key, acts: v.acts.map((a) => a.do), pass: v.pass?.purpose ?? '' });
    const mask = this.masks.get(v.key);
    if (v.pass) {
      const slot = { purpose: v.pass.purpose, epoch: v.pass.epoch };
      const message = passMessage(slot, decode(v.pass.prefix), decode(v.key));
      const good = await crypto.subtle.verify({ name: 'RSA-PSS', saltLength: 48 }, (await this.key(slot)).verifier, decode(v.pass.signature), message);
      if (!good) throw new Turned('pass.refused', 'No.');
      const id = await spendId(message);
      const use = v.pass.purpose === 'read' ? `${v.key} ${dayOf(this.now())}` : v.key;
      if ((this.spent.get(id) ?? use) !== use) throw new Turned('pass.spent', 'Spent.');
      this.spent.set(id, use);
    } else if (!mask && !this.waiting.includes(v.key)) throw new Turned('mask.unknown', 'No mask.');
    const results = v.acts.map((a) => ({ do: a.do, ok: true, ...(a.id ? { id: a.id } : {}), ...this.act(a, v, mask) }));
    if (this.lose-- > 0) throw new Away();
    const bundle = v.pass?.purpose === 'right' ? Buffer.alloc(0) : gzipSync(JSON.stringify({ v: 1, space: {}, tick: 1, masks: this.speakers, threads: [{ id: 't', title: 'T', posts: this.posts }], digest: [], cases: this.cases }));
    return open(new Uint8Array(Buffer.concat([part(Buffer.from(JSON.stringify({ v: 1, results }))), part(bundle)])));
  }

  act(a, v, mask) {
    if (a.do === 'take') {
      if (!this.waiting.includes(v.key)) this.waiting.push(v.key);
      return { state: 'waiting', batch: nextBatch(this.now()), waiting: this.waiting.length };
    }
    if (a.do === 'status' && !mask) return { state: 'waiting', batch: nextBatch(this.now()), waiting: this.waiting.length };
    if (a.do === 'status') return { state: mask.state, reason: mask.reason ?? '', judge: mask.judge ?? [], name: 'Velvet Compass', until: epochStart(mask.epoch + 1) + 7, renew: epochStart(mask.epoch + 1) + 3 };
    if (a.do === 'renew') {
      const asked = createHash('sha256').update(a.blinded).digest('hex') + a.epoch;
      if (mask.asked && mask.asked !== asked) return { ok: false, message: 'Another.' };
      mask.asked = asked;
      mask.state = 'renewed';
      return { signature: encode(this.sign({ purpose: 'right', epoch: a.epoch }, decode(a.blinded))) };
    }
    if (a.do === 'reads') return { reads: a.blinds.map((b) => encode(this.sign({ purpose: 'read', epoch: a.epoch }, decode(b)))) };
    if (a.do === 'post') {
      if (mask.state !== 'active') return { ok: false, error: 'mask.silent', message: 'This mask speaks no more.' };
      if (!this.pool.some((p) => p.id === a.id)) this.pool.push({ ...a, mask: v.key });
      return { state: this.says, from: dayOf(this.now()), to: dayOf(this.now()) + 3 };
    }
    if (a.do === 'withdraw') this.pool = this.pool.filter((p) => p.id !== a.id);
    return {};
  }

  release() {
    this.posts.push(...this.pool.splice(0).map((p) => ({ id: p.id, mask: p.mask, day: dayOf(this.now()), html: `<p>${p.text}</p>` })));
  }

  births(least = 1) {
    if (this.waiting.length < least) return;
    for (const key of this.waiting.splice(0)) this.masks.set(key, { state: 'active', epoch: epochOf(this.now()) });
  }
}

/** A person with a device: a space, a clock and rows of her own. */
function person() {
  const clock = { t: Date.UTC(2026, 10, 24, 10), spoke: 0 }; // a Tuesday
  const hall = new Hall(() => clock.t);
  const rows = new Map();
  const root = random(32);
  const world = {
    root, space: 's-1', lang: 'en', now: () => clock.t, spoke: () => clock.spoke, draw: () => 0.5,
    rows: { get: async (k) => structuredClone(rows.get(k) ?? null), put: async (k, v) => void rows.set(k, structuredClone(v)) },
    issuer: (slot) => hall.key(slot), pay: (body) => hall.pay(body), alone: (_, work) => work(),
  };
  const me = new Standing(world);
  const serve = async (right = true) => {
    const epoch = epochOf(clock.t);
    const [r, d] = [{ purpose: 'right', space: 's-1', epoch }, { purpose: 'read', space: 's-1', epoch }];
    const [kr, kd] = await Promise.all([hall.key(r), hall.key(d)]);
    const [a, b] = await Promise.all([requestRight(root, r, 0, kr), requestReads(root, d, kd)]);
    const passes = await receive(b, kd, b.map((q) => encode(hall.sign(d, q.blinded.request))));
    const [pass] = await receive([a], kr, [encode(hall.sign(r, a.blinded.request))]);
    await me.served(right ? pass : null, { epoch, passes });
  };
  const masked = async () => {
    await serve();
    clock.t += 7 * DAY;
    await me.ask(false);
    await me.register();
    clock.t += 7 * DAY;
    hall.births();
    await me.look();
    assert.equal((await me.state()).n, 0);
    hall.visits.length = 0;
  };
  return { clock, hall, rows, me, serve, masked, world };
}

describe('before there is a mask', () => {
  test('without passes nobody is asked for anything', async () => {
    const { me, hall } = person();
    await me.look();
    assert.deepEqual(hall.visits, []);
  });
  test('a read pass opens each day, by another key each day', async () => {
    const { me, hall, clock, serve } = person();
    await serve();
    for (let i = 0; i < 5; i++, clock.t += DAY) {
      await me.look();
      await me.look();
    }
    assert.deepEqual(hall.visits.map((v) => v.pass), Array(10).fill('read'));
    assert.equal(new Set(hall.visits.map((v) => v.key)).size, 5);
    assert.ok(await me.bundle());
  });
  test('the right waits for its owner and for the end of the window, and travels alone', async () => {
    const { me, hall, clock, serve } = person();
    await serve();
    await me.ask(false);
    assert.equal(await me.register(), false, 'in the same week');
    assert.deepEqual(await said(me), { quiet: [], spoken: [] });
    clock.t += 4 * DAY; // Saturday
    assert.equal(await me.register(), false);
    clock.t += 3 * DAY + 12 * HOUR; // Tuesday, 22:00
    assert.equal(await me.register(), true);
    assert.deepEqual(hall.visits, [{ key: hall.waiting[0], acts: ['take'], pass: 'right' }]);
    assert.equal((await me.state()).coming.batch, nextBatch(clock.t));
    assert.equal(await me.register(), false, 'once is enough');
  });
  test('waiting for the many moves it to the second week of the next epoch', async () => {
    const { me, serve, clock } = person();
    await serve();
    await me.ask(true);
    const { takeAt } = (await me.state()).coming;
    assert.ok(dayOf(takeAt) >= epochStart(epochOf(clock.t) + 1) + 7 && dayOf(takeAt) < epochStart(epochOf(clock.t) + 1) + 14);
    await me.ask(false);
    assert.ok((await me.state()).coming.takeAt < takeAt, 'minds may change');
  });
  test('a batch of fewer than ten waits for the next Monday, and reading goes on', async () => {
    const { me, hall, clock, serve } = person();
    await serve();
    clock.t += 7 * DAY;
    await me.ask(false);
    await me.register();
    clock.t += 7 * DAY;
    hall.births(10);
    await me.look();
    assert.equal((await me.state()).n, -1);
    assert.equal((await me.state()).coming.batch, nextBatch(clock.t));
    assert.equal(hall.visits.at(-1).pass, 'read');
    clock.t += 7 * DAY;
    hall.births();
    await me.look();
    assert.equal((await me.state()).n, 0);
    assert.equal((await me.state()).mask.name, 'Velvet Compass');
  });
});

describe('a registration', () => {
  test('that the hall lost with its memory is made again', async () => {
    const { me, hall, clock, serve } = person();
    await serve();
    clock.t += 7 * DAY;
    await me.ask(false);
    await me.register();
    hall.waiting.length = 0;
    clock.t += 7 * DAY;
    await me.look();
    assert.equal((await me.state()).coming.batch, 0);
    assert.equal(await me.register(), true);
    assert.equal(hall.waiting.length, 1);
    clock.t += 7 * DAY;
    hall.births();
    await me.look();
    assert.equal((await me.state()).n, 0);
  });
});

describe('a post', () => {
  const draft = { thread: '', title: 'A title', reply: '', text: 'A text', lang: 'en' };
  test('leaves when the visit ends, is asked for again, and goes when it is shown', async () => {
    const { me, hall, clock, masked } = person();
    await masked();
    const sent = await me.post(draft);
    assert.equal(sent.after, 0);
    assert.deepEqual(hall.visits, [], 'nothing leaves while she is here');
    await me.deed({ do: 'recommend', id: 'x' });
    assert.deepEqual(hall.visits, [], 'nor anything else');
    assert.deepEqual((await said(me)).spoken, [], 'not beside open words');
    await hall.pay((await me.parting()).quiet); // nobody reads this answer
    assert.equal(hall.pool.length, 1);
    assert.deepEqual(hall.visits.at(-1).acts, ['post', 'recommend']);
    clock.t += HOUR;
    await me.look();
    assert.equal(hall.pool.length, 1);
    const [now] = (await me.state()).sent;
    assert.equal(now.state, 'waiting');
    assert.ok(now.to > now.from);
    hall.release();
    await me.look();
    assert.deepEqual((await me.state()).sent, []);
  });
  test('is held back while the device speaks openly, six hours and a random while', async () => {
    const { me, hall, clock, masked } = person();
    await masked();
    clock.spoke = clock.t - 5 * HOUR;
    const sent = await me.post(draft);
    assert.equal(sent.after, clock.t + 60 * HOUR);
    assert.deepEqual((await said(me)).quiet, []);
    clock.t += 61 * HOUR;
    clock.spoke = clock.t - HOUR; // speaks again
    await me.look();
    await me.rest();
    assert.deepEqual(hall.pool, [], 'two visits in three hold it back once more');
    clock.t += 10 * HOUR;
    await me.look();
    assert.deepEqual(hall.pool, [], 'nobody knows yet what she does openly in this visit');
    await me.rest();
    assert.equal(hall.pool.length, 1);
    assert.ok(quiet(clock.t, clock.spoke));
  });
  test('that has waited leaves beside open words in one visit of three', async () => {
    const { me, hall, clock, masked, world } = person();
    await masked();
    clock.spoke = clock.t;
    await me.post(draft);
    clock.t += 61 * HOUR;
    clock.spoke = clock.t;
    world.draw = () => 0.3;
    const again = new Standing(world);
    await again.look();
    await again.post({ ...draft, text: 'Another' });
    const { spoken } = await again.parting();
    await hall.pay(spoken);
    assert.deepEqual(hall.pool.map((p) => p.text), ['A text'], 'what was done just now does not');
    clock.t += HOUR;
    await again.look();
    assert.deepEqual((await again.state()).sent.map((p) => p.state), ['waiting', 'held'], 'its answer is asked for');
  });
  test('done before open words of the same visit is held back then', async () => {
    const { me, hall, clock, masked } = person();
    await masked();
    await me.post(draft);
    const at = clock.t;
    clock.spoke = clock.t + HOUR;
    clock.t += 10 * HOUR;
    await me.look();
    assert.equal((await me.state()).sent[0].after, at + 60 * HOUR);
    assert.deepEqual(hall.pool, []);
  });
  test('can be taken back, held or waiting, and gives its text back', async () => {
    const { me, hall, masked } = person();
    await masked();
    const held = await me.post(draft);
    assert.equal((await me.withdraw(held.id)).text, 'A text');
    assert.deepEqual(hall.visits, []);
    const waiting = await me.post(draft);
    await me.rest();
    assert.equal((await me.withdraw(waiting.id)).id, waiting.id);
    assert.deepEqual(hall.pool, []);
    assert.equal(await me.withdraw('nothing'), null);
  });
  test('whose answer is lost is there once, and nothing is lost', async () => {
    const { me, hall, clock, masked } = person();
    await masked();
    await me.post(draft);
    hall.lose = 2;
    await assert.rejects(me.rest(), Away);
    clock.t += HOUR;
    await assert.rejects(me.look(), Away);
    assert.equal((await me.state()).sent[0].state, 'held');
    await me.look();
    assert.equal((await me.state()).sent[0].state, 'waiting');
    assert.equal(hall.pool.length, 1);
  });
  test('that the hall refuses stays, with the reason', async () => {
    const { me, hall, masked } = person();
    await masked();
    for (const m of hall.masks.values()) m.state = 'muted';
    await me.post(draft);
    await me.rest();
    const [p] = (await me.state()).sent;
    assert.deepEqual([p.state, p.message, p.text], ['refused', 'This mask speaks no more.', 'A text']);
  });
});

describe('looking in', () => {
  const draft = { thread: '', title: 'A title', reply: '', text: 'A text', lang: 'en' };
  test('is done without the mask, by another key each day; the mask comes with what it does', async () => {
    const { me, hall, clock, masked } = person();
    await masked();
    for (let i = 0; i < 3; i++, clock.t += DAY) {
      await me.look();
      await me.look();
      await me.rest();
    }
    assert.deepEqual(hall.visits.map((v) => [v.pass, v.acts.length]), Array(9).fill(['read', 0]));
    assert.equal(new Set(hall.visits.map((v) => v.key)).size, 3);
    assert.ok(!hall.visits.some((v) => hall.masks.has(v.key)));
    await me.post(draft);
    await me.rest();
    assert.ok(hall.masks.has(hall.visits.at(-1).key));
    assert.deepEqual(hall.visits.at(-1).acts, ['status', 'post']);
    await me.look();
    assert.deepEqual([hall.visits.at(-1).pass, hall.visits.at(-1).acts], ['read', []]);
  });
  test('without passes of the account the mask asks for them once an epoch, for others than the account would', async () => {
    const { me, hall, clock, masked, rows } = person();
    await masked();
    const [{ reads: accounts }] = [await me.state()];
    clock.t += 28 * DAY;
    hall.lose = 1;
    await assert.rejects(me.look(), Away);
    await me.look();
    assert.deepEqual(hall.visits.map((v) => v.acts), Array(2).fill(['status', 'reads']));
    const { reads } = await me.state();
    assert.equal(reads.epoch, epochOf(clock.t));
    assert.ok(!accounts.passes.some((p) => reads.passes.some((q) => q.prefix === p.prefix)));
    hall.visits.length = 0;
    for (let i = 0; i < 4; i++, clock.t += DAY) await me.look();
    assert.deepEqual(hall.visits.map((v) => [v.pass, v.acts.length]), Array(4).fill(['read', 0]));
    assert.equal(new Set(hall.visits.map((v) => v.key)).size, 4);
    assert.ok(rows.size > 0 && (await me.bundle()));
  });
  test('at a key that must be refused is done as the mask, and refusing is said', async () => {
    const { me, hall, clock, masked, world } = person();
    await masked();
    clock.t += 28 * DAY;
    world.issuer = async () => { throw new Broken('weak'); };
    await assert.rejects(me.look(), Broken);
    assert.deepEqual(hall.visits.map((v) => v.acts), [['status']]);
    assert.notEqual((await me.state()).reads?.epoch, epochOf(clock.t));
  });
  test('tells what everybody is told of the mask; the rest is asked for by a press', async () => {
    const { me, hall, clock, masked, serve } = person();
    await masked();
    const [id] = await me.ids();
    const [mask] = hall.masks.values();
    Object.assign(mask, { state: 'muted', reason: 'Insults.', judge: [{ case: 'c', html: '' }] });
    hall.speakers = [{ id, key: '', name: '', state: 'muted' }];
    hall.cases = [{ id: 'c', jurors: [id] }];
    await me.look();
    let s = await me.state();
    assert.deepEqual([s.mask.state, s.mask.reason], ['muted', '']);
    assert.ok(inquires(await me.bundle(), s, id));
    await me.inquire();
    s = await me.state();
    assert.deepEqual([s.mask.state, s.mask.reason, s.judge.length], ['muted', 'Insults.', 1]);
    assert.ok(!inquires(await me.bundle(), s, id));
    await me.look();
    assert.equal((await me.state()).mask.reason, 'Insults.', 'what it was told stays');
    hall.speakers = [{ id, key: '', name: '' }];
    hall.cases = [{ id: 'c', jurors: [id], outcome: 'upheld' }];
    await me.look();
    s = await me.state();
    assert.deepEqual([s.mask.state, s.judge.length], ['active', 0]);
    clock.t = (s.mask.until + 1) * DAY;
    await serve(false);
    await me.look();
    assert.equal((await me.state()).mask.state, 'over', 'by the calendar');
  });
  test('asks once a day, as the mask, what became of a post that has not appeared', async () => {
    const { me, hall, clock, masked } = person();
    await masked();
    await me.post(draft);
    await me.rest();
    clock.t += 5 * DAY;
    hall.says = 'held';
    hall.visits.length = 0;
    for (let i = 0; i < 4; i++, clock.t += 8 * HOUR) await me.look();
    assert.deepEqual(hall.visits.map((v) => v.acts.length), [2, 0, 2, 0]);
  });
});

describe('a deed', () => {
  test('leaves once, when the visit ends, and what undoes another replaces it', async () => {
    const { me, hall, masked } = person();
    await masked();
    assert.equal(await me.deed({ do: 'recommend', id: 'x' }), 0);
    await me.deed({ do: 'unrecommend', id: 'x' });
    await me.deed({ do: 'delete', id: 'y' });
    assert.deepEqual(hall.visits, []);
    await me.rest();
    assert.deepEqual(hall.visits.at(-1).acts, ['status', 'unrecommend', 'delete']);
    assert.deepEqual(await said(me), { quiet: [], spoken: [] });
    assert.deepEqual((await me.state()).deeds, []);
  });
  test('is held back while the device speaks openly, over a lost answer too', async () => {
    const { me, hall, clock, masked } = person();
    await masked();
    clock.spoke = clock.t - HOUR;
    assert.equal(await me.deed({ do: 'delete', id: 'y' }), clock.t + 60 * HOUR);
    await me.look();
    assert.deepEqual((await said(me)).quiet, []);
    assert.ok(!hall.visits.some((v) => v.acts.includes('delete')));
    clock.t += 61 * HOUR;
    await me.look();
    hall.lose = 1;
    await assert.rejects(me.rest(), Away);
    clock.t += 12 * HOUR;
    await me.look();
    assert.deepEqual(hall.visits.filter((v) => v.acts.includes('delete')).length, 2, 'asked for again');
    assert.deepEqual((await me.state()).deeds, []);
  });
  test('of a reader without a mask leaves under the pass of the day', async () => {
    const { me, hall, serve } = person();
    await serve();
    await me.deed({ do: 'report', id: 'x', kind: 'spam', text: '' });
    await hall.pay((await me.parting()).quiet);
    assert.deepEqual(hall.visits.at(-1).acts, ['report']);
    assert.equal(hall.visits.at(-1).pass, 'read');
  });
});

describe('renewal', () => {
  test('gives the next mask, by itself, over a lost answer; the old one reads meanwhile', async () => {
    const { me, hall, clock, masked } = person();
    await masked();
    assert.equal(await me.renew(), false, 'not before its day');
    clock.t = (epochStart(epochOf(clock.t) + 1) + 3) * DAY + HOUR;
    await me.look();
    await me.look(); // draws the moment
    assert.equal(await me.renew(), false, 'each device has a moment of its own');
    clock.t += 42 * HOUR;
    await me.look();
    clock.spoke = clock.t - HOUR;
    assert.equal(await me.renew(), false, 'nor on a day on which she speaks openly');
    clock.spoke = 0;
    hall.lose = 1;
    await assert.rejects(me.renew(), Away);
    assert.equal(await me.renew(), true, 'the same request again');
    assert.equal(await me.renew(), false, 'once');
    assert.equal(await me.register(), false, 'its window is open');
    clock.t += 7 * DAY;
    assert.equal(await me.register(), true);
    const first = hall.visits.at(-1).key;
    await me.look();
    assert.equal((await me.state()).n, 0, 'the old mask still reads');
    assert.notEqual(hall.visits.at(-1).key, first);
    clock.t += 7 * DAY;
    hall.births();
    await me.look();
    assert.equal((await me.state()).n, 1);
    assert.equal(hall.visits.at(-1).key, first);
    const ids = await me.ids();
    assert.deepEqual(ids[0], await maskID(decode(first)));
    assert.equal(ids.length, 2);
  });
  test('is not asked for by a banned mask', async () => {
    const { me, hall, clock, masked } = person();
    await masked();
    for (const m of hall.masks.values()) m.state = 'banned';
    clock.t += 28 * DAY;
    await me.look();
    assert.equal(await me.renew(), false);
    assert.ok(!hall.visits.some((v) => v.acts.includes('renew')));
  });
  test('stops at a key that must be refused, and says so', async () => {
    const { me, clock, masked, world } = person();
    await masked();
    clock.t = (epochStart(epochOf(clock.t) + 1) + 5) * DAY;
    await me.look();
    await me.look();
    world.issuer = async () => { throw new Broken('weak'); };
    await assert.rejects(me.renew(), Broken);
    assert.equal((await me.state()).coming, null);
  });
});
