// A person in a space over weeks, against a hall that keeps the rules. Run by `npm test`.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { decode } from '../account/bytes.ts';
import { Broken } from './blind.ts';
import { inquires } from './cases.ts';
import { DAY, dayOf, epochOf, epochStart, HOUR, nextBatch } from './calendar.ts';
import { consultationSeed } from './derive.ts';
import { maskID } from './mask.ts';
import { passMessage } from './pass.ts';
import { signer } from './signer.ts';
import { person, said } from './standing.world.mjs';
import { quiet } from './state.ts';
import { Away } from './visit.ts';

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

describe('the pass to a consultation', () => {
  const asks = (p, more = {}) => {
    p.hall.asked = [{ id: 'c-1', epoch: epochOf(p.clock.t), until: dayOf(p.clock.t) + 20, ...more }];
  };
  const come = async (p) => {
    await p.me.look();
    await p.me.admit();
    return p.hall.visits.filter((v) => v.acts.includes('admit')).length;
  };
  test('is asked for by every mask at a visit to its space, once, in a request of its own', async () => {
    const p = person();
    await p.masked();
    assert.equal(await come(p), 0, 'nothing is asked');
    asks(p);
    assert.equal(await come(p), 1);
    assert.equal(await come(p), 1);
    assert.deepEqual(p.hall.visits.filter((v) => v.acts.includes('admit')).map((v) => [v.acts.length, v.pass]), [[1, '']]);
    const { pass, at } = (await p.me.state()).papers['c-1'];
    assert.equal(at, p.clock.t);
    const seed = await consultationSeed(p.world.root, 'c-1');
    const message = passMessage({ purpose: 'consultation' }, decode(pass.prefix), (await signer(seed)).key);
    const key = await p.hall.key({ purpose: 'consultation', epoch: pass.epoch });
    assert.ok(await crypto.subtle.verify({ name: 'RSA-PSS', saltLength: 48 }, key.verifier, decode(pass.signature), message));
  });
  test('is not asked for beside open words, after its day, or by a mask of another epoch', async () => {
    const p = person();
    await p.masked();
    asks(p);
    p.clock.spoke = p.clock.t;
    assert.equal(await come(p), 0);
    p.clock.spoke = 0;
    asks(p, { until: dayOf(p.clock.t) - 1 });
    assert.equal(await come(p), 0);
    asks(p, { epoch: epochOf(p.clock.t) + 1 });
    assert.equal(await come(p), 0);
  });
  test('that is refused for good is not asked for again, and the reason is kept', async () => {
    const p = person();
    await p.masked();
    asks(p);
    p.hall.admits = 'mask.unready'; // not for good
    assert.equal(await come(p), 1);
    p.hall.admits = 'mask.admit.late';
    assert.equal(await come(p), 2);
    p.hall.admits = 'yes';
    assert.equal(await come(p), 2);
    assert.deepEqual((await p.me.state()).papers['c-1'], { pass: null, at: p.clock.t, why: 'No.' });
  });
});
