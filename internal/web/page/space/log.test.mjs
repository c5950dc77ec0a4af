// The browser's check of the log, on proofs that the hall made
// (docs/log-vectors.json), whole and damaged. Run by `npm test`.
import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { encode } from '../account/bytes.ts';
import { privateKey } from './keys.world.mjs';
import { head, inLog, Unproved } from './log.ts';

const { key, proofs } = JSON.parse(readFileSync('docs/log-vectors.json', 'utf8'));
const refused = (p, k = key) => assert.rejects(inLog(p, k), (err) => err instanceof Unproved);
/** The text with one character changed, of the same alphabet. */
const bent = (s, i) => s.slice(0, i) + (s[i] === 'A' ? 'B' : 'A') + s.slice(i + 1);

describe('an entry of the log', () => {
  test('is proved in every tree that the hall made', async () => {
    assert.ok(proofs.length >= 10);
    for (const p of proofs) assert.equal((await inLog(p, key)).size, Number(p.checkpoint.split('\n')[1]));
  });

  test('is not proved when the entry, its place or a step is another', async () => {
    for (const p of proofs) {
      await refused({ ...p, entry: p.entry + ' ' });
      await refused({ ...p, index: p.index + 1 });
      await refused({ ...p, index: -1 });
      await refused({ ...p, index: p.index + 0.5 });
      await refused({ ...p, proof: [...p.proof, p.proof[0] ?? encode(new Uint8Array(32))] });
      for (const [i, step] of p.proof.entries()) {
        await refused({ ...p, proof: p.proof.with(i, bent(step, 7)) });
        await refused({ ...p, proof: p.proof.toSpliced(i, 1) });
      }
    }
  });

  test('is not proved under a checkpoint that was changed, or signed by another', async () => {
    const p = proofs.at(-1);
    for (const i of [3, p.checkpoint.indexOf('\n') + 1, p.checkpoint.indexOf('=') - 5, p.checkpoint.length - 9]) {
      await refused({ ...p, checkpoint: bent(p.checkpoint, i) });
    }
    await refused({ ...p, checkpoint: p.checkpoint.split('\n\n')[0] + '\n\n' });
    await refused({ ...p, checkpoint: '' });
    const other = createPublicKey(privateKey('ed25519')).export({ format: 'jwk' }).x;
    const [name, id] = key.split('+');
    await refused(p, `${name}+${id}+${Buffer.concat([Buffer.of(1), Buffer.from(other, 'base64url')]).toString('base64')}`);
    await refused(p, 'no key');
    await refused(p, key.replace(name, 'another-log'));
  });

  test('gives a head that can be compared', async () => {
    const h = await head(proofs[0].checkpoint, key);
    assert.equal(h.root.length, 32);
  });
});
