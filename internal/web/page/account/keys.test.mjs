// The browser's side of docs/ACCOUNTS.md, held against the same vectors as the
// hall's. Run by `npm test`.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { decode, encode } from './bytes.ts';
import { derive, stretch } from './derive.ts';
import { drawPhrase, loginHash, phraseKeys, readPhrase, wordList } from './phrase.ts';
import { attempt } from './solve.ts';
import { addHolder, below, makeVault, openVault, SLOTS, VAULT_SIZE } from './vault.ts';

const v = JSON.parse(readFileSync('docs/accounts-vectors.json', 'utf8'));
const list = await wordList();
const random = (n) => crypto.getRandomValues(new Uint8Array(n));
const slot = (vault, i) => encode(vault.slice(4 + 60 * i, 64 + 60 * i));
const changedSlots = (a, b) => Array.from({ length: SLOTS }, (_, i) => i).filter((i) => slot(a, i) !== slot(b, i));

/** A source of "random" bytes that gives prepared ones, in order. */
const prepared = (...parts) => (n) => {
  const p = parts.shift();
  assert.equal(p?.length, n);
  return p.slice();
};

describe('base64url', () => {
  test('round trip', () => {
    for (let n = 0; n < 40; n++) {
      const b = random(n);
      assert.deepEqual(decode(encode(b)), b);
    }
  });
  test('refuses what encode would not write', () => {
    for (const bad of ['A', 'AA==', 'AB', 'AA A', 'AA\n', 'é', '====', 'A*AA', 'AAAAA', 'AA+A/', '\u0000\u0000']) {
      assert.equal(decode(bad), null, JSON.stringify(bad));
    }
  });
});

describe('phrase', () => {
  test('vectors', async () => {
    for (const p of v.phrases) {
      const words = p.phrase.split(' ');
      assert.deepEqual(words, p.indices.map((i) => list[i]));
      assert.equal(encode(await stretch(p.phrase)), p.seed);
      const keys = await phraseKeys(words);
      assert.equal(keys.login, p.login);
      assert.equal(encode(keys.kek), p.kek);
      assert.equal(await loginHash(decode(keys.login)), p.login_hash);
    }
  });
  test('drawing takes eleven bits a word', () => {
    assert.deepEqual(drawPhrase(list, () => new Uint8Array(14)), Array(7).fill('abandon'));
    assert.deepEqual(drawPhrase(list, () => new Uint8Array(14).fill(255)), Array(7).fill('zoo'));
    const seen = new Set();
    for (let i = 0; i < 3000; i++) for (const w of drawPhrase(list)) seen.add(w);
    assert.ok(seen.size > 2030, `${seen.size} of 2048 words in 21,000 draws`);
  });
  test('the list has what the reading relies on', () => {
    assert.equal(list.length, 2048);
    assert.equal(new Set(list.map((w) => w.slice(0, 4))).size, 2048);
    assert.ok(list.every((w) => /^[a-z]{3,8}$/.test(w)));
  });
  test('forgives how it is typed', () => {
    for (const t of v.typed) assert.deepEqual(readPhrase(t.typed, list), { words: t.words, unknown: [] });
  });
  test('names the word that is in no list', () => {
    for (const t of v.typed_unknown) {
      assert.deepEqual(readPhrase(t.typed, list).unknown.map((u) => [u.place, u.typed]), t.unknown);
    }
  });
  test('ten bad inputs', () => {
    const seven = v.phrases[0].phrase;
    for (const bad of ['', '   ', '1 2 3', '<script>', 'ab', seven.slice(0, -4), `${seven} zoo`, 'abandonability', 'كلمة سر', '\u0000'.repeat(50)]) {
      const { words, unknown } = readPhrase(bad, list);
      assert.ok(unknown.length > 0 || words.length !== 7, bad);
    }
  });
});

describe('vault', () => {
  const first = decode(v.vaults[0].vault);
  const second = decode(v.vaults[1].vault);
  const kek = decode(v.phrases[0].kek);
  const root = decode(v.root.root);
  const passkey = { kek: decode(v.passkey.kek), credential: decode(v.vaults[1].credential) };

  test('vectors open', async () => {
    assert.equal(encode(await derive(decode(v.passkey.prf), 'vault passkey')), v.passkey.kek);
    assert.equal(encode(await derive(root, 'vault directory')), v.root.directory_key);
    assert.deepEqual(await openVault(first, kek), root);
    assert.deepEqual(await openVault(second, kek), root);
    assert.deepEqual(await openVault(second, passkey.kek), root);
    assert.equal(await openVault(first, passkey.kek), null);
  });
  test('vectors are made byte for byte', async () => {
    const made = await makeVault(root, [{ kek }], prepared(first, Uint8Array.of(v.vaults[0].phrase_slot)));
    assert.equal(encode(made), v.vaults[0].vault);
    const nonce = second.slice(4 + 120, 4 + 132);
    const grown = await addHolder(first, root, passkey, [], prepared(Uint8Array.of(2), nonce, second.slice(724, 736)));
    assert.equal(encode(grown), v.vaults[1].vault);
  });
  test('always the same length, in random places, opened by its keys alone', async () => {
    const places = new Set();
    for (let i = 0; i < 60; i++) {
      const secret = random(32);
      const holders = Array.from({ length: 1 + (i % SLOTS) }, (_, n) => (n ? { kek: random(32), credential: random(20) } : { kek: random(32) }));
      const made = await makeVault(secret, holders);
      assert.equal(made.length, VAULT_SIZE);
      for (const h of holders) assert.deepEqual(await openVault(made, h.kek), secret);
      assert.equal(await openVault(made, random(32)), null);
      if (holders.length === 1) {
        const other = await addHolder(made, secret, { kek: random(32), credential: random(20) }, []);
        places.add(changedSlots(made, other)[0]);
      }
    }
    assert.ok(places.size > 2, `new slots at ${[...places]}`);
  });
  test('adding changes one slot and the directory, until it is full', async () => {
    let made = await makeVault(root, [{ kek }]);
    const live = [];
    for (let i = 1; i < SLOTS; i++) {
      const holder = { kek: random(32), credential: random(32) };
      const next = await addHolder(made, root, holder, live);
      assert.equal(next.length, VAULT_SIZE);
      assert.equal(changedSlots(made, next).length, 1);
      assert.notEqual(encode(made.slice(724)), encode(next.slice(724)));
      assert.deepEqual(await openVault(next, holder.kek), root);
      assert.deepEqual(await openVault(next, kek), root, 'the phrase still opens');
      live.push(holder.credential);
      made = next;
    }
    assert.equal(await addHolder(made, root, passkey, live), 'full');
    const reused = await addHolder(made, root, passkey, live.slice(1));
    assert.equal(changedSlots(made, reused).length, 1);
    assert.deepEqual(await openVault(reused, passkey.kek), root);
    assert.deepEqual(await openVault(reused, kek), root);
  });
  test('refuses too many at once', async () => {
    await assert.rejects(makeVault(root, Array.from({ length: 13 }, () => ({ kek: random(32) }))), RangeError);
  });
  test('no wrong phrase opens', async () => {
    for (const p of ['zoo ability able about above absent abandon', 'abandon ability able about above absent zone']) {
      assert.equal(await openVault(first, (await phraseKeys(p.split(' '))).kek), null);
    }
    assert.equal(await openVault(first, decode(v.phrases[1].kek)), null);
  });
  test('damage: ten kinds', async () => {
    const flip = (at) => first.map((x, i) => (i === at ? x ^ 1 : x));
    const own = 4 + 60 * v.vaults[0].phrase_slot;
    for (const at of [0, 3, own, own + 11, own + 12, own + 43, own + 59]) {
      assert.equal(await openVault(flip(at), kek), null, `byte ${at}`);
    }
    for (const at of [724, 740, 1023, 4]) { // elsewhere: the root opens, nothing is added
      assert.deepEqual(await openVault(flip(at), kek), root, `byte ${at}`);
      assert.equal(await addHolder(flip(at), root, passkey, []), 'damaged', `byte ${at}`);
    }
    for (const bad of [new Uint8Array(0), first.slice(1), new Uint8Array(1024), random(1025)]) {
      assert.equal(await openVault(bad, kek), null);
      assert.equal(await addHolder(bad, root, passkey, []), 'damaged');
    }
    assert.equal(await addHolder(first, random(32), passkey, []), 'damaged', 'another root');
  });
  test('below is even and in range', () => {
    const counts = new Array(12).fill(0);
    for (let i = 0; i < 24_000; i++) counts[below(12)]++;
    assert.ok(counts.every((c) => c > 1700 && c < 2300), String(counts));
    assert.equal(below(12, prepared(Uint8Array.of(255), Uint8Array.of(252), Uint8Array.of(251))), 251 % 12);
  });
});

describe('work', () => {
  const solves = (token, nonce) => {
    const message = Buffer.alloc(40);
    message.set(token.slice(10), 0);
    message.writeBigUInt64BE(BigInt(nonce), 32);
    const sum = createHash('sha256').update(message).digest();
    return Math.clz32(sum.readUInt32BE(0)) >= token[1];
  };
  test('vectors: finds the first nonce', () => {
    for (const w of v.work) {
      const token = decode(w.token);
      assert.equal(attempt(token, 0, 1 << 20), w.first_nonce);
      assert.equal(`${w.token}.${w.first_nonce.toString(16).padStart(16, '0')}`, w.answer);
      assert.equal(attempt(token, 0, w.first_nonce), -1);
    }
  });
  test('agrees with SHA-256 on any token, and beyond 32 bits of nonce', () => {
    for (const from of [0, 2 ** 32 - 3, 2 ** 40 + 5]) {
      for (let i = 0; i < 20; i++) {
        const token = Uint8Array.from([1, 8, ...random(40)]);
        const found = attempt(token, from, 1 << 16);
        assert.ok(found >= from);
        for (let n = from; n <= found; n++) assert.equal(solves(token, n), n === found, `nonce ${n}`);
      }
    }
  });
});
