// Cards of real programs, as the hall's own reader (internal/card) reads them. Run by `npm test`.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { decode, random, utf8 } from '../account/bytes.ts';
import { open, seal } from './seal.ts';
import { BadCard, FIELDS, only, read, write } from './vcard.ts';

const DIR = process.env.GUILDHALL_DATA ? join(process.env.GUILDHALL_DATA, 'vcards') : '../shared/data/vcards';
const HALL = 'bin/guildhall';

const all = { name: ['Ana, “die” Ältere; \\n'], mail: ['ana@example.org', 'a@b.example'], phone: ['+49 30 1'], site: ['https://ana.example/?a=1;b,c'], skills: ['Go', 'Typesetting, old'],
  zone: ['Europe/Berlin'], key: ['https://ana.example/key.asc'], note: ['one\ntwo 🦉'.repeat(20)] };

test('what is written is read again, of both versions', () => {
  for (const v of [4, 3]) {
    const text = write(all, v);
    assert.deepEqual(read(utf8(text))[0].card, all);
    for (const line of text.split('\r\n')) assert.ok(utf8(line).length <= 75, line);
    assert.ok(text.includes(`VERSION:${v}.0\r\n`));
  }
  assert.equal(read(utf8(write({ mail: ['x@y.example'] }, 4)))[0].card.name[0], 'x@y.example');
  assert.deepEqual(only(all, ['name', 'mail']), { name: all.name, mail: all.mail });
});

test('older cards', () => {
  const card = (lines) => read(utf8(`BEGIN:VCARD\nVERSION:2.1\n${lines}\nEND:VCARD\n`))[0].card;
  assert.deepEqual(card('FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:J=F6rg=\n=A0x').name, ['Jörg\u00a0x']);
  assert.deepEqual(card('N:Doe;John;Q.;Dr.;Jr.\nTEL;WORK;VOICE:1').name, ['Dr. John Q. Doe Jr.']);
  assert.deepEqual(card('item1.EMAIL;TYPE="x;y:z":a@b.example\nFN:A').mail, ['a@b.example']);
  assert.deepEqual(card('FN:A\nAGENT:\nBEGIN:VCARD\nFN:B\nEND:VCARD').name, ['A']);
  assert.equal(read(new Uint8Array([...utf8('BEGIN:VCARD\nFN:J'), 0xf6, ...utf8('rg\nEND:VCARD')]))[0].card.name[0], 'Jörg');
});

test('what is no card is refused with its line', () => {
  for (const [text, line, why] of [
    ['', 1, 'card_none'], ['hello', 1, 'card_line'], ['FN:A', 1, 'card_begin'], ['BEGIN:VCARD\nFN:A', 1, 'card_end'],
    ['BEGIN:VCARD\nFN:A\nno colon\nEND:VCARD', 3, 'card_line'], ['BEGIN:VCARD\nNOTE:x\nEND:VCARD', 1, 'card_nameless'],
    ['BEGIN:VCARD\nFN:A\nEND:VCARD\nFN:B', 4, 'card_begin'],
  ]) {
    assert.throws(() => read(utf8(text)), (e) => e instanceof BadCard && e.line === line && e.why === why, JSON.stringify(text));
  }
  for (let i = 0; i < 500; i++) {
    try {
      read(random(200));
    } catch (e) {
      assert.ok(e instanceof BadCard, String(e));
    }
  }
});

const files = existsSync(DIR) ? readdirSync(DIR).filter((f) => f.endsWith('.vcf')) : [];

test('cards of other programs, as the hall reads them', { skip: files.length === 0 }, () => {
  for (const f of files) {
    const cards = read(new Uint8Array(readFileSync(join(DIR, f))));
    for (const { card } of cards) assert.deepEqual(read(utf8(write(card, 4)))[0].card, card, f);
    if (!existsSync(HALL)) continue;
    const hall = read(new Uint8Array(execFileSync(HALL, ['card', 'convert', '--to', '4', join(DIR, f)])));
    const bare = (list) => list.map(({ card }) => FIELDS.filter((x) => x !== 'key' && x !== 'note').map((x) => card[x] ?? []));
    assert.deepEqual(bare(cards), bare(hall), f);
  }
});

test('a sealed card has one length, and opens by its link alone', async () => {
  const id = '0'.repeat(26);
  const [a, b] = [await seal(id, write({ name: ['A'] }, 4)), await seal(id, write(all, 4))];
  assert.equal(decode(a.body).length, 4096);
  assert.equal(decode(b.body).length, 4096);
  assert.equal(await open(id, decode(b.body), b.key), write(all, 4));
  assert.equal(await open(id, decode(b.body), a.key), null);
  assert.equal(await open('1'.repeat(26), decode(b.body), b.key), null);
  assert.equal(await open(id, decode(b.body), ''), null);
  assert.equal(await seal(id, 'x'.repeat(4067)), null);
});
