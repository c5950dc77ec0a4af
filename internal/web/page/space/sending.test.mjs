// What somebody says under a mask, on its way out. Run by `npm test`.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { DAY, epochOf, epochStart, HOUR } from './calendar.ts';
import { Standing } from './standing.ts';
import { person, said } from './standing.world.mjs';
import { quiet } from './state.ts';
import { Away } from './visit.ts';

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

describe('a mask in a careful space', () => {
  const draft = { thread: '', title: 'A title', reply: '', text: 'A text', lang: 'en' };
  /** The page is put away after a quiet visit, and later opened again. */
  const leave = async ({ me, hall, clock }) => {
    await hall.pay((await me.parting()).quiet);
    clock.t += 8 * HOUR;
    await me.look();
  };
  const among = async (others, each) => {
    const p = person();
    p.hall.pace = 'careful';
    p.hall.speakers = Array.from({ length: others }, (_, i) => ({ id: `m${i}`, key: '', name: '', epoch: 0 }));
    p.hall.posts = p.hall.speakers.flatMap((m, i) => Array.from({ length: each }, (_, n) => ({ id: `${i} ${n}`, mask: m.id, day: 0, html: '' })));
    await p.masked();
    return p;
  };
  test('says one post more than ten others have said, and the next two weeks after', async () => {
    const p = await among(10, 1);
    for (const _ of [1, 2, 3]) await p.me.post(draft);
    await leave(p);
    assert.equal(p.hall.pool.length, 2);
    assert.deepEqual((await p.me.state()).sent.map((s) => s.state), ['waiting', 'waiting', 'held']);
    for (let d = 0; d < 13; d++) {
      await leave(p);
      p.clock.t += DAY - 8 * HOUR;
    }
    assert.equal(p.hall.pool.length, 2, 'thirteen days later');
    p.clock.t += DAY;
    await p.me.look();
    assert.equal(p.hall.pool.length, 2, 'not at the beginning of a visit');
    await leave(p);
    assert.equal(p.hall.pool.length, 3, 'two weeks after the last');
  });
  test('says more at once when ten others have said as much, or its author wants it', async () => {
    const p = await among(9, 5);
    for (const _ of [1, 2]) await p.me.post(draft);
    await leave(p);
    assert.equal(p.hall.pool.length, 1, 'nine are no crowd');
    const [held] = (await p.me.state()).sent.filter((s) => s.state === 'held');
    assert.ok(await p.me.loud(held.id));
    await leave(p);
    assert.equal(p.hall.pool.length, 2);
    await p.me.post(draft);
    p.hall.speakers.push({ id: 'm9', key: '', name: '', epoch: 0 });
    p.hall.posts.push(...[1, 2].map((n) => ({ id: `9 ${n}`, mask: 'm9', day: 0, html: '' })));
    await leave(p); // it learns of them
    await leave(p);
    assert.equal(p.hall.pool.length, 3);
  });
  test('waits for half of the others where they are more than ten', async () => {
    const p = await among(30, 0);
    const say = (n) => p.hall.posts.push(...p.hall.speakers.slice(0, n).map((m) => ({ id: `${m.id} of ${n}`, mask: m.id, day: 0, html: '' })));
    for (const _ of [1, 2]) await p.me.post(draft);
    say(14);
    await leave(p);
    await leave(p);
    assert.equal(p.hall.pool.length, 1, 'fourteen of thirty are no half');
    p.hall.posts.length = 0;
    say(15);
    await leave(p); // it learns of them
    await leave(p);
    assert.equal(p.hall.pool.length, 2);
  });
  test('leaves what it did not say before it renewed to its successor', async () => {
    const p = await among(0, 0);
    for (const _ of [1, 2]) await p.me.post(draft);
    await leave(p);
    assert.equal(p.hall.pool.length, 1);
    p.clock.t = (epochStart(epochOf(p.clock.t) + 1) + 7) * DAY - HOUR;
    await p.me.look();
    assert.ok(await p.me.renew());
    await leave(p);
    assert.deepEqual([p.hall.pool.length, (await p.me.state()).sent.at(-1).state], [1, 'held']);
    p.clock.t += 14 * DAY;
    await p.me.register();
    p.clock.t += 7 * DAY;
    p.hall.births();
    await p.me.look();
    await leave(p);
    assert.equal((await p.me.state()).n, 1);
    assert.equal(p.hall.pool.length, 2);
    assert.notEqual(p.hall.pool[0].mask, p.hall.pool[1].mask);
  });
});
