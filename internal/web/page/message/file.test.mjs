// Files as they are sealed for a conversation. Run by `npm test`.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { encode, random } from '../account/bytes.ts';
import { readDeed, view, writeDeed } from './content.ts';
import { Carrier } from './carry.ts';
import { Lost } from './shelf.ts';
import { openPieces, padded, pieces, sealPiece } from './file.ts';
import { LARGEST, plainName, readInfo } from './info.ts';

const PIECE = 1 << 20;
const info = (size, id = '0'.padEnd(26, 'f')) => ({ id, key: encode(random(32)), name: 'bill.pdf', size });

describe('a file', () => {
  test('grows in few steps, at most an eighth', () => {
    const lengths = new Set();
    for (let n = 0; n < LARGEST; n += 9973) {
      const p = padded(n);
      lengths.add(p);
      assert.ok(p >= n && p % 4096 === 0 && p <= Math.max(n * 1.13, n + 4096), `${n} becomes ${p}`);
    }
    assert.ok(lengths.size < 300, `${lengths.size} lengths`);
    assert.ok(Math.ceil(padded(LARGEST) / PIECE) <= 26);
  });

  test('comes back as it was, and every piece but the last is whole', async () => {
    for (const size of [0, 1, 4096, PIECE, PIECE + 1, 3 * PIECE - 5]) {
      const f = info(size);
      const bytes = new Uint8Array(size).map((_, i) => i % 251);
      const sealed = [];
      for (let n = 0; n < pieces(f); n++) sealed.push(await sealPiece(f, bytes, n));
      for (const s of sealed.slice(0, -1)) assert.equal(s.length, PIECE + 16);
      assert.equal((sealed.at(-1).length - 16) % 4096, 0);
      assert.deepEqual(await openPieces(f, async (n) => sealed[n]), bytes);
    }
  });

  test('is refused when a piece is another, of another place or of another file', async () => {
    const f = info(2 * PIECE);
    const bytes = new Uint8Array(2 * PIECE).fill(7);
    const sealed = [await sealPiece(f, bytes, 0), await sealPiece(f, bytes, 1)];
    await assert.rejects(openPieces(f, async (n) => sealed[1 - n]), 'pieces change places');
    await assert.rejects(openPieces({ ...f, size: PIECE }, async (n) => sealed[n]), 'it is cut short');
    await assert.rejects(openPieces(info(2 * PIECE, '0'.padEnd(26, 'g')), async (n) => sealed[n]));
    sealed[0][5] ^= 1;
    await assert.rejects(openPieces(f, async (n) => sealed[n]), 'one bit is another');
  });

  test('has a name that does not mislead', () => {
    assert.equal(plainName('../../etc/passwd'), '_.._etc_passwd');
    assert.equal(plainName('bill\u202Efdp.exe'), 'bill_fdp.exe');
    assert.equal(plainName(' .hidden'), 'hidden');
    assert.equal(plainName(''), '_');
    assert.equal(plainName('فاتورة.pdf'), 'فاتورة.pdf');
    assert.equal(plainName(`${'a'.repeat(300)}.pdf`).length, 120);
    assert.ok(plainName(`${'a'.repeat(300)}.pdf`).endsWith('.pdf'));
  });

  test('is read only when another browser has written it so', () => {
    const f = info(10);
    assert.deepEqual(readInfo(JSON.parse(JSON.stringify(f))), f);
    for (const bad of [null, 1, {}, { ...f, id: '../x' }, { ...f, key: 'short' }, { ...f, size: -1 }, { ...f, size: LARGEST + 1 }, { ...f, size: 1.5 }, { ...f, name: 3 }]) {
      assert.equal(readInfo(bad), null, JSON.stringify(bad));
    }
    const deed = { id: 'a', at: 1, t: 'text', text: '', reads: false, file: f };
    assert.deepEqual(readDeed(writeDeed(deed)), deed);
    assert.equal(readDeed(writeDeed({ ...deed, file: undefined })), null, 'nothing at all is a message');
    const lines = [{ ...deed, n: 1, from: 'ana' }, { id: 'b', at: 2, t: 'gone', of: 'a', n: 2, from: 'ana' }];
    assert.deepEqual(view(lines.slice(0, 1)).shown[0].file, f);
    assert.equal(view(lines).shown[0].file, undefined);
  });
});

describe('a file that the hall will not go on with', () => {
  /** A device on its shelf, and a hall that has these files of another conversation. */
  function device(taken) {
    const kept = new Map();
    const book = {
      get: async (name) => structuredClone(kept.get(name)),
      bytes: async (name) => kept.get(name) ?? null,
      putBytes: async (name, b) => void kept.set(name, b),
      put: async (all) => Object.entries(all).forEach(([k, v]) => (v === undefined ? kept.delete(k) : kept.set(k, structuredClone(v)))),
    };
    class Device extends Carrier {
      get leaf() {
        return 'leaf';
      }
      alone(work) {
        return work();
      }
    }
    const [sent, ended] = [new Map(), []];
    globalThis.localStorage = { getItem: () => null, setItem: () => undefined };
    globalThis.fetch = async (address, { body }) => {
      if (address.endsWith('/cancellation')) {
        ended.push(address);
        return Response.json({});
      }
      const [id, n] = address.replace('?last=1', '').split('/').slice(-2);
      if (address.endsWith('?last=1')) ended.push(address);
      if (taken.has(id)) return Response.json({ message: 'no', key: 'message.no_piece' }, { status: 409 });
      sent.set(`${id}/${n}`, body);
      return Response.json({});
    };
    return { device: new Device(book, random(32), 'ana', 'ana'), kept, sent, ended };
  }

  for (const piece of [0, 1]) test(`from piece ${piece} on is sent anew under another key, which the text names`, async () => {
    const f = info(2 * PIECE);
    const bytes = new Uint8Array(2 * PIECE).fill(7);
    const { device: d, kept, sent, ended } = device(new Set([f.id]));
    kept.set(`file/${f.id}`, bytes);
    kept.set('queue/q', { id: 'q', group: 'g', handle: '', piece, deed: { id: 'q', at: 1, t: 'text', text: '', reads: false, file: f } });
    await d.carry('q');
    const now = kept.get('queue/q').deed.file;
    assert.notEqual(now.id, f.id);
    assert.notEqual(now.key, f.key);
    assert.deepEqual([...kept.keys()].filter((k) => k.startsWith('file/')), [`file/${now.id}`]);
    assert.deepEqual(await openPieces(now, async (n) => sent.get(`${now.id}/${n}`)), bytes);
    assert.equal(kept.get('queue/q').piece, 2, 'the text that waits names the file as it was sent');
    assert.ok(ended.at(-1).endsWith(`${now.id}/1?last=1`), 'the hall is told that the file is whole');
  });

  test('that is lost on the device is not said to be sent', async () => {
    const f = info(1);
    const { device: d, kept, sent } = device(new Set());
    kept.set('queue/q', { id: 'q', group: 'g', handle: '', piece: 0, deed: { id: 'q', at: 1, t: 'text', text: '', reads: false, file: f } });
    await assert.rejects(d.carry('q'), Lost);
    assert.equal(kept.get('queue/q').piece, 0, 'its text waits');
    assert.equal(sent.size, 0);
  });

  test('of a text that is taken back goes from the hall too', async () => {
    const f = info(1);
    const { device: d, kept, ended } = device(new Set());
    kept.set(`file/${f.id}`, new Uint8Array(1));
    kept.set('queue/q', { id: 'q', group: 'g', handle: '', piece: 0, deed: { id: 'q', at: 1, t: 'text', text: '', reads: false, file: f } });
    await d.cancel('q');
    assert.equal(kept.size, 0);
    assert.ok(ended[0].endsWith(`/groups/g/files/${f.id}/cancellation`));
  });

  test('is not sent anew for ever', async () => {
    const f = info(1);
    const { device: d, kept } = device({ has: () => true });
    kept.set(`file/${f.id}`, new Uint8Array(1));
    kept.set('queue/q', { id: 'q', group: 'g', handle: '', piece: 0, deed: { id: 'q', at: 1, t: 'text', text: '', reads: false, file: f } });
    await assert.rejects(d.carry('q'));
  });
});
