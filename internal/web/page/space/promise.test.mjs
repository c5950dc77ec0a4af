// The promise is never more than holds. Run by `npm test`.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { promised, remains } from './promise.ts';
import { EMPTY } from './state.ts';

const mail = { words: { box: 'letters.example', until: '' } };
const here = (over) => ({ signedIn: false, masks: 50, calm: true, mail: null, showed: false, ...over });
const says = (over) => Object.values(promised(here(over))).join(' ');

describe('who watches is promised little', () => {
  test('without a letterbox only to whoever is not signed in, among fifty, after silence', () => {
    assert.equal(says({}), 'P2 p2');
    assert.equal(says({ signedIn: true }), 'P1 p1-signed');
    assert.equal(says({ masks: 49 }), 'P1 p1-few');
    assert.equal(says({ calm: false }), 'P1 p1-spoke');
    assert.equal(says({ showed: true }), 'P2 p2');
  });
  test('with one to nobody else: the days on which a mask writes and an account is there tell', () => {
    assert.equal(says({ mail }), 'P2 p2-letter');
    assert.equal(says({ mail, signedIn: true }), 'P1 p1-signed');
    assert.equal(says({ mail, showed: true }), 'P2 p2');
    assert.equal(says({ mail, masks: 49 }), 'P1 p1-few');
    assert.equal(says({ mail, calm: false }), 'P1 p1-spoke');
  });
  test('and the list of what remains names the letterbox and that reading is seen', () => {
    const of = (over) => Object.entries(remains(here(over), EMPTY)).filter(([, holds]) => holds).map(([name]) => name);
    assert.deepEqual(of({ signedIn: true }), ['signed-in', 'watch']);
    assert.deepEqual(of({ signedIn: true, mail }), ['days', 'letters']);
    assert.deepEqual(of({ signedIn: true, mail, showed: true }), ['signed-in', 'watch', 'letters']);
  });
});
