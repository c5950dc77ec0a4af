// Where keys come from: two books that must be the same, and the log. Run by `npm test`.
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';

import { encode } from '../account/bytes.ts';
import { Issuers } from './issuer.ts';
import { rsaKey } from './keys.world.mjs';
import { hallKey } from './letter.world.mjs';

const fetched = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = fetched;
});

const key = encode(hallKey().public);
const issuer = rsaKey(2048).export({ format: 'jwk' }).n;
const book = (letters) => ({
  v: 1, space: 's', epoch: 700, keys: [{ purpose: 'right', epoch: 700, n: issuer, e: 65537, place: 3 }], ...(letters ? { letters } : {}),
});
const box = 'https://letters.example';
const entries = {
  3: { kind: 'issuer', purpose: 'right', space: 's', epoch: 700, n: issuer, day: 1 },
  8: { kind: 'letterbox', box, key, day: 20_782 },
};

/** Issuers of a hall that shows one book to her and another to everybody. */
function issuers(mine, everybodys = mine, log = entries) {
  const seen = [];
  globalThis.fetch = async (address, how) => {
    seen.push({ address, how });
    return new Response(JSON.stringify(address.startsWith('https://safe.') ? everybodys : mine));
  };
  return { seen, of: new Issuers('s', 'https://safe.hall.example', async (place) => log[place] ?? {}) };
}

describe('the key for letters', () => {
  test('is compared with what everybody gets, looked up in the log, and asked for once', async () => {
    const { of, seen } = issuers(book({ box, key, place: 8 }));
    assert.equal(await of.letterbox(), box);
    assert.equal(encode(await of.letterKey()), key);
    assert.equal(await of.letterKey(), await of.letterKey());
    await of.key({ purpose: 'right', space: 's', epoch: 700 });
    assert.deepEqual(seen.map((r) => r.address), ['/spaces/s/keys', 'https://safe.hall.example/keys?space=s']);
    assert.equal(seen[1].how.credentials, 'omit');
  });
  test('of a hall without a letterbox is none', async () => {
    const { of } = issuers(book());
    assert.equal(await of.letterbox(), '');
    await assert.rejects(of.letterKey(), { message: 'none' });
  });
  test('is refused with the words for an issuer: seven kinds', async () => {
    const l = { box, key, place: 8 };
    const bent = hallKey().public;
    bent[9] ^= 1;
    for (const [mine, everybodys, log, why] of [
      [l, { ...l, key: encode(hallKey().public) }, entries, 'differs'],
      [l, undefined, entries, 'differs'],
      [{ ...l, key: encode(bent) }, 'same', entries, 'weak'],
      [{ ...l, key: 'x' }, 'same', entries, 'weak'],
      [{ ...l, place: 9 }, 'same', entries, 'unlogged'],
      [l, 'same', { 8: { ...entries[8], box: 'https://other.example' } }, 'unlogged'],
      [l, 'same', { 8: { ...entries[8], kind: 'issuer' } }, 'unlogged'],
    ]) {
      const { of } = issuers(book(mine), everybodys === 'same' ? book(mine) : book(everybodys), log);
      await assert.rejects(of.letterKey(), { name: 'Error', message: why });
    }
  });
});
