// What goes by itself, by the lines that are kept. Run by `npm test`.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { lineOf, readDeed, view, writeDeed } from './content.ts';

const DAY = 86_400_000;
const text = (days) => ({ id: 'a', at: 1, t: 'text', text: 'let us meet at noon', reads: false, ...(days ? { days } : {}) });

test('a choice of days is told once, and holds for what is written then', () => {
  const on = { id: 'd', at: 1, t: 'days', days: 7 };
  assert.deepEqual(readDeed(writeDeed(on)), on);
  assert.equal(readDeed(writeDeed({ ...on, days: 3 })), null, 'days that cannot be chosen');
  const v = view([lineOf(on, 1, 'ana'), lineOf({ ...on, id: 'e' }, 2, 'bo')]);
  assert.equal(v.days, 7);
  assert.deepEqual(v.shown.map((s) => [s.kind, s.text, s.from]), [['days', '7', 'ana']]);
  assert.equal(view([lineOf(on, 1, 'ana'), lineOf({ ...on, days: 0 }, 2, 'bo')]).days, 0);
});

test('what has its time says until when, by this clock, and is shown no longer', () => {
  const l = lineOf(text(7), 1, 'ana');
  assert.ok(Math.abs(l.until - Date.now() - 7 * DAY) < 1000);
  assert.equal(view([l]).shown.length, 1);
  assert.equal(view([l]).shown[0].days, 7);
  assert.equal(view([{ ...l, until: Date.now() - 1 }]).shown.length, 0);
  assert.equal(lineOf(text(), 1, 'ana').until, undefined);
  assert.equal(readDeed(writeDeed({ ...text(), days: -5 })).days, undefined, 'another writes days that are none');
});

test('other words do not outlive the first', () => {
  const first = { ...lineOf(text(7), 1, 'ana'), until: Date.now() - 1 };
  const other = lineOf({ id: 'b', at: 2, t: 'edit', of: 'a', text: 'at one', days: 7 }, 2, 'ana');
  assert.equal(view([first, other]).shown.length, 0);
});
