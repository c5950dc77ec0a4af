// How much a mask's texts sound like its owner's public ones: the attack a
// reader would try, made on the device before the reader can. Cosine Delta
// (Burrows 2002; Evert et al. 2017) over 3-letter sequences and function words.

export const ENOUGH = 300; // words on either side before anything is said

const FUNCTION_WORDS = ('the of and to a in that is was it for on with as but by not you this are or from at which be have an they we their all would there what so if about who when can more out up only my also than then some no just because even really very however though still yet quite perhaps maybe '
  + 'de la que el en y a los se del las un por con no una su para es al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante uno ni contra ese eso mí aunque pues así '
  + 'في من على إلى أن ما هذا هذه التي الذي لا لم لن قد كان كانت هو هي مع عن بعد كل أو ثم إذا لكن حتى بين أنا نحن لأن ولكن أيضا فقط جدا').split(' ');

const MOST = 400; // 3-letter sequences looked at

export interface Likeness {
  words: number; // of the mask's texts
  share: number; // of the others whose texts the mask's resemble less than its owner's, 0 to 1
}

export const countWords = (text: string): number => text.match(/[\p{L}\p{N}'’]+/gu)?.length ?? 0;

type Counts = Map<string, number>;

function features(text: string): Counts {
  const plain = text.toLowerCase().replace(/https?:\S+/g, ' ').replace(/[^\p{L}\p{N}\p{P}]+/gu, ' ');
  const counts: Counts = new Map();
  const add = (f: string, n: number): void => void counts.set(f, (counts.get(f) ?? 0) + n);
  const words = plain.match(/[\p{L}\p{N}'’]+/gu) ?? [];
  const known = new Set(FUNCTION_WORDS);
  for (const w of words) if (known.has(w)) add(`w ${w}`, 1 / words.length);
  const grams = Math.max(1, plain.length - 2);
  for (let i = 0; i < grams; i++) add(`g ${plain.slice(i, i + 3)}`, 1 / grams);
  return counts;
}

/**
 * Compares the mask's texts with its owner's public ones and with others'.
 * Null while there is too little of any of them to say something.
 */
export function likeness(mask: string, own: string, others: string[]): Likeness | null {
  const words = countWords(mask);
  const background = others.filter((o) => countWords(o) >= ENOUGH / 3);
  if (words < ENOUGH || countWords(own) < ENOUGH || background.length < 5) return null;
  const rows = [own, ...background].map(features);
  const scale = measure(rows);
  const vector = (c: Counts): number[] => scale.map(({ name, mean, deviation }) => ((c.get(name) ?? 0) - mean) / deviation);
  const [first, ...rest] = rows.map(vector);
  const asked = vector(features(mask));
  const near = cosine(asked, first ?? []);
  return { words, share: rest.filter((r) => cosine(asked, r) < near).length / rest.length };
}

/** The commonest features, with their mean and deviation over all authors. */
function measure(rows: Counts[]): { name: string; mean: number; deviation: number }[] {
  const total: Counts = new Map();
  for (const r of rows) for (const [f, n] of r) total.set(f, (total.get(f) ?? 0) + n);
  const grams = [...total].filter(([f]) => f.startsWith('g')).sort((a, b) => b[1] - a[1]).slice(0, MOST);
  const all = [...grams, ...[...total].filter(([f]) => f.startsWith('w'))];
  return all.map(([name, sum]) => {
    const mean = sum / rows.length;
    const deviation = Math.sqrt(rows.reduce((s, r) => s + ((r.get(name) ?? 0) - mean) ** 2, 0) / rows.length);
    return { name, mean, deviation };
  }).filter((m) => m.deviation > 0);
}

function cosine(a: number[], b: number[]): number {
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((x, i) => {
    const y = b[i] ?? 0;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  });
  return ab / (Math.sqrt(aa * bb) || 1);
}
