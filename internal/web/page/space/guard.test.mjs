// The writing guard, in three languages. Run by `npm test`.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { guard } from './guard.ts';
import { countWords, ENOUGH, likeness } from './style.ts';

const found = (text, known) => guard(text, known).map((m) => [m.kind, text.slice(m.from, m.to)]);

describe('the guard marks', () => {
  const cases = {
    address: ['Write to ana.b+c@example.org please', 'me: ana at example dot com', 'ana (at) example.com', 'ana[at]example[dot]com', 'escribe a ana arroba ejemplo punto com', 'البريد ana@example.org'],
    link: ['see https://example.org/p/7', 'at www.example.org today', 'my site example.dev is', 'example (dot) io'],
    handle: ['ping @quiet_ana there', 'Telegram: anabee', 'تلغرام: anabee'],
    profile: ['mine is ~01a2b3c4d5e6f7a8b9', 'contract 4471882 ended', 'factura nº 20417'.replace('nº ', ''), 'العقد عقد رقم 88123'],
    phone: ['call +44 20 7946 0958 now', 'llama al 600 123 456 78', 'اتصل 0100 123 4567'],
    amount: ['paid $1,234 for it', 'just 47.50 euros', 'cobré 1.275 pesos', 'دفع 1375 دولار', '٣٤٥٫٥٠ ريال'],
    date: ['on 12/03/2025 it', 'since 2025-03-12', 'on March 12th', 'el 12 de marzo', 'يوم 12 مارس', 'at 14:32 he'],
    number: ['ref 9912345'],
    name: ['when Marta called', 'he works for Acme Widgets now', 'John Smith wrote to me', 'dijo Javier ayer', 'قال السيد محمود'],
    only: ['I am the only one who', 'soy la única que', 'أنا الوحيدة هنا', 'the first to leave'],
  };
  for (const [kind, texts] of Object.entries(cases)) {
    test(kind, () => {
      for (const text of texts) assert.ok(found(text).some(([k]) => k === kind), `${kind} in “${text}”: ${JSON.stringify(found(text))}`);
    });
  }
});

describe('the guard leaves alone', () => {
  const quiet = [
    'The client asked for two more rounds and did not pay. What would you do?',
    'I think I’m not alone. On Monday we talked about rates in English.',
    'They pay about $100 or 50 euros for a page, in 3 parts, over 10 days.',
    'El cliente pidió cambios. No pagó. ¿Qué harían ustedes?',
    'طلب العميل تعديلات كثيرة ولم يدفع. ماذا تفعلون؟ مرت 3 أيام.',
    'First sentence. Second one… Third!\n- Item\n2. Another\n> Quoted',
    '',
  ];
  for (const text of quiet) test(text.slice(0, 30), () => assert.deepEqual(found(text), []));
  test('words that others use too', () => {
    assert.deepEqual(found('I left when Upwork changed it', new Set(['upwork'])), []);
    assert.deepEqual(found('I left when Upwork changed it'), [['name', 'Upwork']]);
  });
});

test('the guard: marks never overlap, never leave the text, and long drafts take no time', () => {
  const text = 'Ana @ana ana@example.org 12/03/2025 +44 20 7946 0958 the only $1,234.50 http://x.org 99999 '.repeat(300);
  const begun = performance.now();
  const marks = guard(text);
  assert.ok(performance.now() - begun < 1500, `${performance.now() - begun} ms`);
  let last = 0;
  for (const m of marks) {
    assert.ok(m.from >= last && m.to > m.from && m.to <= text.length);
    last = m.to;
  }
  for (const hostile of ['a'.repeat(32000), '1 '.repeat(16000), 'A'.repeat(32000), 'a.'.repeat(16000), 'Aa '.repeat(10000), '('.repeat(32000), 'a at '.repeat(6000)]) {
    const t = performance.now();
    guard(hostile);
    assert.ok(performance.now() - t < 3000, `${hostile.slice(0, 6)} took ${performance.now() - t} ms`);
  }
});

describe('style', () => {
  /** Draws a text: everybody has the same words, and habits of their own. */
  const write = (habit, run) => {
    let state = run * 7919 + 17;
    const next = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const pool = 'the of and to a in that is was it for on with as but by not you this are or from client work pay late price hour page ask tell think however though just really very maybe'.split(' ');
    let h = habit * 104729 + 13;
    const weight = pool.map(() => 0.15 + ((h = (h * 48271) % 2147483647) / 2147483647) * 2);
    const sum = weight.reduce((a, b) => a + b, 0);
    return Array.from({ length: 500 }, () => {
      let x = next() * sum;
      return pool[Math.max(0, weight.findIndex((w) => (x -= w) < 0))];
    }).join(' ');
  };
  const others = Array.from({ length: 20 }, (_, i) => write(i + 100, i));
  test('one hand is recognised, another is not', () => {
    let strange = 0;
    for (let a = 1; a <= 10; a++) {
      assert.ok(likeness(write(a, 1), write(a, 2), others).share >= 0.9, `author ${a} against herself`);
      strange += likeness(write(a + 50, 1), write(a, 2), others).share;
    }
    assert.ok(strange / 10 < 0.8, `others look alike: ${strange / 10}`);
  });
  test('says nothing of too little', () => {
    const short = write(1, 1).split(' ').slice(0, ENOUGH - 1).join(' ');
    assert.equal(likeness(short, write(1, 2), others), null);
    assert.equal(likeness(write(1, 1), short, others), null);
    assert.equal(likeness(write(1, 1), write(1, 2), others.slice(0, 4)), null);
    assert.equal(countWords('uno, dos — tres… أربعة'), 4);
  });
});
