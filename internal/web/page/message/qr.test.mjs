// A reader of another make reads what is drawn. Run by `npm test`.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import jsqr from 'jsqr';
import { squares } from './qr.ts';

test('a telephone reads the picture', () => {
  for (const text of ['https://hall.example/messages/0gggggggggggggggggggggggggg#safety-' + 'a7'.repeat(32), 'https://x.example/' + 'k'.repeat(400)]) {
    const { data, size } = squares(text);
    const wide = size * 4;
    const rgba = new Uint8ClampedArray(wide * wide * 4).fill(255);
    for (let y = 0; y < wide; y++) for (let x = 0; x < wide; x++) if (data[y >> 2][x >> 2]) rgba.fill(0, (y * wide + x) * 4, (y * wide + x) * 4 + 3);
    assert.equal((jsqr.default ?? jsqr)(rgba, wide, wide)?.data, text);
  }
});
