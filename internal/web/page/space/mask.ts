// What a mask is called and how it looks. The id says nothing of the account;
// the picture is drawn from public bytes alone, so that everybody draws the same.
import { type Bytes, decode, encode } from '../account/bytes.ts';
import { sha256 } from '../account/derive.ts';
import { joined } from './derive.ts';

/** The id of the mask with that public key. */
export const maskID = async (key: Bytes): Promise<string> =>
  encode((await sha256(joined('guildhall/masks/1/id', key))).slice(0, 16));

/** What the picture of the mask with that public key is drawn from: 30 bytes of the hash whose first two make its name. */
export const picture = async (key: Bytes): Promise<string> =>
  encode((await sha256(joined('guildhall/masks/1/name', key))).slice(2));

const SVG = 'http://www.w3.org/2000/svg';

// A face on 48 × 48: the outline bends with five bytes of the seed, eyes and mouth are one of a few.
const EYES = [
  'M12 20q4-5 8 0q-4 4-8 0zM28 20q4-5 8 0q-4 4-8 0z', 'M12 18l8 3l-8 3zM36 18l-8 3l8 3z',
  'M16 17a3.5 3.5 0 1 0 .1 0zM32 17a3.5 3.5 0 1 0 .1 0z', 'M11 22q5-8 10 0zM27 22q5-8 10 0z', 'M12 19h8v4h-8zM28 19h8v4h-8z',
];
const MOUTHS = ['M18 33q6 5 12 0q-6 9-12 0z', 'M19 33h10v2.5h-10z', 'M24 31a3 3 0 1 0 .1 0z', 'M18 36q6-6 12 0q-6-2-12 0z', 'M20 32l4 5l4-5z'];
const BROWS = ['', 'M24 9l2.5 4.5l-2.5 4.5l-2.5-4.5z', 'M24 10a2.5 2.5 0 1 0 .1 0z', 'M17 11h14v2h-14z', 'M20 9h2v8h-2zM26 9h2v8h-2z'];

/** The shapes of a mask's face as one path with holes, and its tint, 0 to 5; seed is base64url. */
export function maskFace(seed: string): { path: string; tint: number } {
  const b = decode(seed) ?? new Uint8Array();
  const at = (i: number, n: number): number => (b[i] ?? 0) % n;
  const brow = 5 + at(0, 7); // how wide it is above, at the cheek and at the chin
  const cheek = 4 + at(1, 6);
  const chin = 10 + at(2, 9);
  const low = 40 + at(3, 5);
  const dip = at(4, 3) * 3; // some dip between the brows
  const path = `M${brow} 7Q24 ${2 + dip} ${48 - brow} 7Q${48 - cheek + 2} 22 ${48 - chin} 36Q24 ${low + 4} ${chin} 36Q${cheek - 2} 22 ${brow} 7z`
    + EYES[at(5, EYES.length)] + MOUTHS[at(6, MOUTHS.length)] + BROWS[at(7, BROWS.length)];
  return { path, tint: at(8, 6) };
}

/** Draws a mask's face; it says nothing to those who listen, the name stands beside. */
export function portrait(seed: string): SVGSVGElement {
  const { path, tint } = maskFace(seed);
  const svg = document.createElementNS(SVG, 'svg');
  const p = document.createElementNS(SVG, 'path');
  for (const [k, v] of Object.entries({ viewBox: '0 0 48 48', 'aria-hidden': 'true', class: `mask-face tint-${tint}` })) svg.setAttribute(k, v);
  p.setAttribute('d', path);
  p.setAttribute('fill-rule', 'evenodd');
  svg.append(p);
  return svg;
}
