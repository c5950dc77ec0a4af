// A person in a careful space of a hall with a letterbox. Run by `npm test`.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Broken } from './blind.ts';
import { DAY, dayOf, epochOf, epochStart, HOUR, lastDelivery } from './calendar.ts';
import { BoxAway, LONG, SHORT } from './letter.ts';
import { openLetter } from './letter.world.mjs';
import { Brought } from './lettered.ts';
import { person } from './standing.world.mjs';
import { Turned } from './visit.ts';

const draft = { thread: '', title: 'A title', reply: '', text: 'A text', lang: 'en' };
const MINUTE = 60_000;

/** What is in a letter, as the hall will read it. */
const inside = (p, letter) => {
  const v = JSON.parse(openLetter(p.hall.letters, letter).visit.toString().slice(87));
  return { key: v.key, acts: v.acts, pass: v.pass?.purpose ?? '' };
};
const acts = (p) => p.box.waiting.map((l) => inside(p, l.letter).acts.map((a) => a.do));

/** A visit: the page is opened, something is done in it, and it is put away, having said nothing openly unless so. */
async function visit(p, work = async () => {}, how = 'quiet') {
  const me = p.open();
  await me.look();
  const got = await work(me);
  const parting = await me.parting();
  if (parting[how]) await p.box.hand(parting.ids[how], parting[how]).catch(() => undefined); // nobody sees how it went
  p.clock.t += HOUR;
  return got;
}

/** A person with a mask, of whom the hall has seen nothing yet. */
async function masked() {
  const p = person();
  p.hall.pace = 'careful';
  await p.masked();
  return p;
}

/** Nothing of what the hall has seen directly was by another key than the day's. */
const onlyReading = (p) => assert.deepEqual(p.hall.visits.filter((v) => v.pass !== 'read' || v.acts.length), []);

describe('a visit with a letterbox', () => {
  test('hands in exactly one letter, of one length, whether something is said or not; the hall is only read', async () => {
    const p = await masked();
    await visit(p);
    await visit(p, (me) => me.post(draft));
    await visit(p, (me) => me.deed({ do: 'recommend', id: 'x' }));
    await visit(p);
    onlyReading(p);
    assert.equal(p.hall.visits.length, 4);
    assert.deepEqual(acts(p), [[], ['post'], ['recommend'], []]);
    assert.deepEqual(new Set(p.box.waiting.map((l) => l.letter.length)), new Set([65 + 16 + SHORT]));
    assert.deepEqual(p.box.asked.filter((a) => a.what === 'PUT').length, 4);
  });
  test('asks after all earlier letters alike, silent ones too, and of each page that was put away after two', async () => {
    const p = await masked();
    for (const work of [async () => {}, (me) => me.post(draft), async () => {}]) {
      p.box.asked.length = 0;
      const before = p.box.held.size;
      await visit(p, work);
      assert.deepEqual(p.box.asked.map((a) => a.what), [...Array(before ? before + 1 : 0).fill('GET'), 'PUT']);
    }
  });
  test('that says nothing is made with a key of its own, so that nobody counts who looked in and wrote no silent letter', async () => {
    const p = await masked();
    for (let i = 0; i < 3; i++) await visit(p);
    const seen = new Set(p.hall.visits.map((v) => v.key));
    const keys = p.box.waiting.map((l) => inside(p, l.letter)).map((v) => v.key);
    assert.equal(new Set(keys).size, 3);
    assert.ok(!keys.some((k) => seen.has(k) || p.hall.masks.has(k)));
    await p.box.deliver();
    await visit(p);
    assert.deepEqual(await p.open().refused(), [], 'what the hall says to nobody is not told');
  });
  test('leaves the day alone after 20 quiet minutes: one letter, and the reading is not repeated', async () => {
    const p = await masked();
    const me = p.open();
    await me.look();
    await me.post(draft);
    await me.rest();
    assert.deepEqual(acts(p), [['post']]);
    assert.equal(p.hall.visits.length, 1);
    assert.equal(me.where(await me.state(), (await me.state()).sent[0].id), lastDelivery(p.clock.t));
  });
  test('of somebody without any pass hands in a letter as well', async () => {
    const p = person();
    await visit(p);
    assert.deepEqual(acts(p), [[]]);
    assert.deepEqual(p.hall.visits, []);
  });
});

describe('a post by letter', () => {
  test('waits in the letterbox, is brought, and its answer is taken in as if it had just come', async () => {
    const p = await masked();
    await visit(p, (me) => me.post(draft));
    assert.equal(p.hall.pool.length, 0);
    let [sent] = await visit(p, async (me) => (await me.state()).sent);
    assert.equal(sent.state, 'held');
    assert.deepEqual(acts(p), [['post'], []], 'it does not go out again by itself');
    await p.box.deliver();
    assert.equal(p.hall.pool.length, 1);
    [sent] = await visit(p, async (me) => (await me.state()).sent);
    assert.equal(sent.state, 'waiting');
    assert.ok(sent.to > sent.from);
    assert.equal((await p.me.state()).letters.filter((l) => l.sure).length, 0);
    p.hall.release();
    await visit(p, async (me) => assert.deepEqual((await me.state()).sent, []));
    onlyReading(p);
  });
  test('that was handed in and is unknown to the letterbox was never sent, and goes again', async () => {
    const p = await masked();
    await visit(p, (me) => me.post(draft));
    await visit(p);
    p.box.held.clear();
    await visit(p);
    assert.deepEqual(acts(p), [['post']]);
  });
  test('whose letter was lost on the way goes with the next visit after that', async () => {
    const p = await masked();
    p.box.away = true;
    await visit(p, (me) => me.post(draft));
    p.box.away = false;
    await visit(p);
    assert.deepEqual(acts(p), [['post']]);
  });
  test('that may still be on its way is left there for two minutes', async () => {
    const p = await masked();
    const me = p.open();
    await me.look();
    const { id } = await me.post(draft);
    const { quiet, ids } = await me.parting();
    const next = p.open();
    await next.look(); // before it has arrived
    assert.equal(next.where(await next.state(), id), 0);
    const second = await next.parting();
    await p.box.hand(ids.quiet, quiet);
    await p.box.hand(second.ids.quiet, second.quiet);
    assert.deepEqual(acts(p), [['post'], []]);
    p.clock.t += 3 * MINUTE;
    await visit(p, async (me) => assert.ok(me.where(await me.state(), id)));
  });
  test('is held back beside open words, and the two letters of a page say so', async () => {
    const p = await masked();
    await visit(p, async (me) => {
      await me.post(draft);
      p.clock.spoke = p.clock.t;
    }, 'spoken');
    assert.deepEqual(acts(p), [[]]);
    assert.deepEqual(p.box.waiting.map((l) => l.letter.length), [65 + 16 + SHORT]);
    await visit(p, async (me) => assert.ok((await me.state()).sent[0].after > p.clock.t));
    p.clock.t += 121 * HOUR;
    await visit(p);
    assert.deepEqual(acts(p), [[], [], ['post']]);
  });
  test('that is long goes in a long letter, alone; what fits into none stays, and many acts go in turns', async () => {
    const p = await masked();
    await visit(p, async (me) => {
      await me.post({ ...draft, text: 'l'.repeat(20_000) });
      await me.post({ ...draft, text: 'x'.repeat(LONG) });
      for (let i = 0; i < 70; i++) await me.deed({ do: 'recommend', id: `post ${i}` });
    });
    assert.deepEqual(p.box.waiting.map((l) => l.letter.length), [65 + 16 + LONG]);
    assert.deepEqual([acts(p)[0].length, acts(p)[0][0]], [50, 'post']);
    await visit(p);
    assert.deepEqual([acts(p)[1].length, p.box.waiting[1].letter.length], [21, 65 + 16 + SHORT]);
    await visit(p);
    assert.deepEqual(acts(p)[2], []);
  });
  test('that the hall refuses stays, with the reason; a letter that it cannot open counts as never sent', async () => {
    const p = await masked();
    for (const m of p.hall.masks.values()) m.state = 'muted';
    await visit(p, (me) => me.post(draft));
    await p.box.deliver();
    const [sent] = await visit(p, async (me) => (await me.state()).sent);
    assert.deepEqual([sent.state, sent.message], ['refused', 'This mask speaks no more.']);
    await visit(p, (me) => me.deed({ do: 'delete', id: 'y' }));
    const [last] = p.box.waiting.slice(-1);
    last.answer = crypto.getRandomValues(new Uint8Array(16_412));
    await visit(p);
    assert.deepEqual(acts(p).at(-1), ['delete']);
  });
  test('that has not appeared is asked after by letter, once a day', async () => {
    const p = await masked();
    await visit(p, (me) => me.post(draft));
    await p.box.deliver();
    await visit(p);
    p.clock.t += 5 * DAY;
    p.hall.says = 'held';
    await visit(p);
    assert.deepEqual(acts(p).at(-1), ['post']);
    await p.box.deliver();
    await visit(p, async (me) => assert.equal((await me.state()).sent[0].state, 'checked'));
    assert.deepEqual(acts(p).at(-1), []);
    onlyReading(p);
  });
});

describe('cut off', () => {
  test('while a letter is handed in, the same letter is handed in again', async () => {
    const p = await masked();
    const me = p.open();
    await me.look();
    await me.post(draft);
    p.box.lose = 1;
    await assert.rejects(me.rest(), BoxAway);
    const { quiet, ids } = await me.parting();
    await p.box.hand(ids.quiet, quiet); // the page is put away now: the memory letterbox compares the bytes
    assert.equal(p.box.held.size, 1);
    await me.rest();
    assert.equal(p.box.held.size, 1);
    assert.ok((await me.state()).unreached === 0);
    await visit(p);
    assert.deepEqual(acts(p), [['post'], []]);
  });
  test('after a letter was handed in and before that was heard, the next visit finds it there', async () => {
    const p = await masked();
    const me = p.open();
    await me.look();
    const { id } = await me.post(draft);
    p.box.lose = 1;
    await assert.rejects(me.rest(), BoxAway);
    await visit(p, async (again) => assert.ok(again.where(await again.state(), id)));
    assert.deepEqual(acts(p), [['post'], []]);
  });
  test('while an answer is taken in, nothing is lost: it is asked for again', async () => {
    const p = await masked();
    await visit(p, (me) => me.post(draft));
    await p.box.deliver();
    const { put } = p.world.rows;
    p.world.rows.put = async () => { throw new Error('the disk is full'); };
    await assert.rejects(p.open().look(), /full/);
    p.world.rows.put = put;
    await visit(p, async (me) => assert.equal((await me.state()).sent[0].state, 'waiting'));
    assert.equal(p.hall.pool.length, 1);
  });
});

describe('a letterbox that is not reached', () => {
  test('is said, since when; nothing goes to the hall instead, and all of it leaves later', async () => {
    const p = await masked();
    await visit(p);
    p.box.away = true;
    const since = p.clock.t;
    await visit(p, (me) => me.post(draft));
    await visit(p, async (me) => assert.equal((await me.state()).unreached, since));
    const me = p.open();
    await me.look();
    await assert.rejects(me.rest(), BoxAway);
    onlyReading(p);
    p.box.away = false;
    p.clock.t += HOUR;
    await visit(p, async (again) => assert.equal((await again.state()).unreached, 0));
    assert.deepEqual(acts(p), [[], ['post']]);
  });
  test('or is full says so, and the same letter is tried again', async () => {
    const p = await masked();
    const me = p.open();
    await me.look();
    await me.post(draft);
    p.box.refuse = new Turned('letterbox.many', 'Full.');
    await assert.rejects(me.rest(), /Full/);
    p.box.refuse = null;
    await me.rest();
    assert.deepEqual(acts(p), [['post']]);
  });
  test('or whose key must be refused is handed nothing, and the hall neither', async () => {
    const p = await masked();
    p.box.close = async () => { throw new Broken('unlogged'); };
    const me = p.open();
    await assert.rejects(me.look(), Broken);
    await me.post(draft);
    assert.deepEqual(await me.parting(), { quiet: null, spoken: null });
    await assert.rejects(me.rest(), Broken);
    onlyReading(p);
    assert.equal(p.box.held.size, 0);
  });
});

describe('taking back', () => {
  test('a letter that was not brought yet, with what else was in it', async () => {
    const p = await masked();
    const { id } = await visit(p, async (me) => {
      await me.deed({ do: 'recommend', id: 'x' });
      return me.post(draft);
    });
    await visit(p, async (me) => {
      assert.equal((await me.withdraw(id)).text, 'A text');
      assert.equal(p.box.held.size, 0);
    });
    assert.deepEqual(acts(p), [['recommend']]);
    onlyReading(p);
  });
  test('what was brought meanwhile is told first; then she may press, and the hall sees her mask', async () => {
    const p = await masked();
    const { id } = await visit(p, (me) => me.post(draft));
    const me = p.open();
    await me.look();
    await p.box.deliver();
    await assert.rejects(me.withdraw(id), Brought);
    onlyReading(p);
    assert.equal((await me.state()).sent[0].state, 'waiting');
    await me.withdraw(id);
    assert.deepEqual(p.hall.pool, []);
    assert.deepEqual(p.hall.visits.at(-1).acts, ['status', 'withdraw']);
  });
  test('a post whose letter is still on its way is taken back when that arrives', async () => {
    const p = await masked();
    const me = p.open();
    await me.look();
    const { id } = await me.post(draft);
    const { quiet, ids } = await me.parting();
    const next = p.open();
    await next.look();
    assert.equal((await next.withdraw(id)).id, id);
    await p.box.hand(ids.quiet, quiet);
    await visit(p);
    assert.equal(p.box.held.size, 1, 'the letter of this visit alone');
    assert.deepEqual(acts(p), [[]]);
  });
  test('what is still on the device asks nobody', async () => {
    const p = await masked();
    const me = p.open();
    await me.look();
    const { id } = await me.post(draft);
    await me.parting();
    p.box.asked.length = 0;
    assert.equal((await me.withdraw(id)).id, id);
    assert.deepEqual(p.box.asked, []);
  });
});

describe('a deed by letter', () => {
  test('that undoes one under way waits for it, as letters are brought in no order', async () => {
    const p = await masked();
    await visit(p, (me) => me.deed({ do: 'recommend', id: 'x' }));
    await visit(p, (me) => me.deed({ do: 'unrecommend', id: 'x' }));
    assert.deepEqual(acts(p), [['recommend'], []]);
    await p.box.deliver();
    await visit(p);
    assert.deepEqual(acts(p), [['unrecommend']]);
    await p.box.deliver();
    await visit(p, async (me) => assert.deepEqual((await me.state()).deeds, []));
  });
  test('that was changed while it was under way still has to leave', async () => {
    const p = await masked();
    const word = (verdict) => ({ do: 'judge', id: 'c', verdict, text: '' });
    await visit(p, (me) => me.deed(word('upheld')));
    await visit(p, (me) => me.deed(word('overturned')));
    await p.box.deliver();
    await visit(p);
    assert.deepEqual(p.box.waiting.map((l) => inside(p, l.letter).acts), [[word('overturned')]]);
  });
  test('of a reader without a mask goes by letter too', async () => {
    const p = person();
    await p.serve();
    await visit(p, (me) => me.deed({ do: 'report', id: 'x', kind: 'spam', text: '' }));
    assert.deepEqual(p.box.waiting.map((l) => inside(p, l.letter)).map((v) => [v.pass, v.acts[0].do]), [['read', 'report']]);
  });
});

describe('a mask by letter', () => {
  test('is registered, born and found born without coming to the hall', async () => {
    const p = person();
    await p.serve();
    p.clock.t += 7 * DAY;
    await visit(p, (me) => me.ask(false));
    assert.deepEqual(p.box.waiting.map((l) => inside(p, l.letter)).map((v) => [v.pass, v.acts[0].do]), [['right', 'take']]);
    await visit(p);
    assert.deepEqual(acts(p)[1], [], 'once');
    await p.box.deliver();
    const coming = await visit(p, async (me) => (await me.state()).coming);
    assert.equal(p.hall.waiting.length, 1);
    assert.ok(coming.batch > dayOf(p.clock.t));
    p.clock.t += 7 * DAY;
    p.hall.births();
    await visit(p);
    assert.deepEqual(acts(p).at(-1), ['status']);
    await p.box.deliver();
    await visit(p, async (me) => {
      const s = await me.state();
      assert.deepEqual([s.n, s.mask.name, s.coming], [0, 'Velvet Compass', null]);
    });
    onlyReading(p);
  });
  test('whose registration the hall lost registers again', async () => {
    const p = person();
    await p.serve();
    p.clock.t += 7 * DAY;
    await visit(p, (me) => me.ask(false));
    await p.box.deliver();
    p.hall.waiting.length = 0;
    await visit(p);
    p.clock.t += 7 * DAY;
    await visit(p);
    await p.box.deliver();
    await visit(p);
    assert.deepEqual(acts(p).at(-1), ['take']);
  });
  test('renews, over a letter that was lost, and the successor comes', async () => {
    const p = await masked();
    p.clock.t = (epochStart(epochOf(p.clock.t) + 1) + 6) * DAY;
    await p.serve(false);
    await visit(p);
    assert.deepEqual(acts(p).at(-1), ['renew']);
    p.box.held.clear();
    await visit(p);
    assert.deepEqual(acts(p).at(-1), ['renew']);
    await p.box.deliver();
    await visit(p, async (me) => {
      const s = await me.state();
      assert.deepEqual([s.mask.state, s.coming.batch], ['renewed', 0]);
    });
    assert.deepEqual(acts(p).at(-1), []);
    p.clock.t += 14 * DAY;
    await visit(p);
    assert.deepEqual(acts(p).at(-1), ['take']);
    await p.box.deliver();
    p.clock.t += 7 * DAY;
    await visit(p);
    p.clock.t += 7 * DAY;
    p.hall.births();
    await visit(p);
    await p.box.deliver();
    await visit(p, async (me) => assert.equal((await me.state()).n, 1));
  });
  test('takes turns between what is said and what it needs itself', async () => {
    const p = await masked();
    p.clock.t = (epochStart(epochOf(p.clock.t) + 1) + 6) * DAY;
    await p.serve(false);
    for (const m of p.hall.masks.values()) m.asked = 'another'; // renewing is refused each time
    for (const text of ['one', 'two', 'three', 'four']) await visit(p, (me) => me.deed({ do: 'delete', id: text })).then(() => p.box.deliver());
    assert.deepEqual(p.hall.brought.map((v) => v.acts), [['delete'], ['renew'], ['delete', 'delete'], ['renew']]);
  });
  test('without read passes asks for them by letter, and reads nothing meanwhile', async () => {
    const p = await masked();
    p.clock.t += 28 * DAY;
    await visit(p);
    assert.deepEqual(p.hall.visits, []);
    assert.deepEqual(acts(p).at(-1), ['reads']);
    assert.equal(p.box.waiting.at(-1).letter.length, 65 + 16 + LONG);
    await visit(p);
    assert.deepEqual(acts(p).at(-1), []);
    await p.box.deliver();
    p.hall.visits.length = 0;
    await visit(p);
    onlyReading(p);
    assert.equal(p.hall.visits.length, 1);
  });
  test('on a device that is new to it is found by letters, one after the other', async () => {
    const p = await masked();
    const old = [...p.hall.masks.values()][0];
    p.rows.clear();
    await p.serve();
    await visit(p, (me) => me.find());
    assert.deepEqual(acts(p).at(-1), ['status']);
    assert.equal(old.state, 'active');
    await p.box.deliver();
    await visit(p, async (me) => {
      const s = await me.state();
      assert.deepEqual([s.n, s.finding, s.coming], [0, false, null]);
    });
    onlyReading(p);
  });
});

describe('the pass to a consultation by letter', () => {
  test('is asked for by every mask, and comes with the answer; the hall is only read', async () => {
    const p = await masked();
    p.hall.asked = [{ id: 'c-1', epoch: epochOf(p.clock.t), until: dayOf(p.clock.t) + 20 }];
    await visit(p, async () => {}, 'spoken');
    await visit(p);
    assert.deepEqual(acts(p), [[], ['admit']]);
    await visit(p);
    assert.equal(acts(p).flat().filter((a) => a === 'admit').length, 1, 'a letter that is underway is not sent again');
    await p.box.deliver();
    await visit(p);
    const { pass, at } = (await p.me.state()).papers['c-1'];
    assert.ok(pass);
    assert.equal(at, 0);
    await p.box.deliver();
    await visit(p);
    assert.deepEqual(acts(p), [[]]);
    onlyReading(p);
  });
});
