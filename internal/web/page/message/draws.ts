// Numbers drawn by chance, as the hall writes them.
import { random } from '../account/bytes.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** A random number as the hall writes them: 26 characters of five bits, the first of three. */
export function draws(): string {
  const b = random(26);
  return Array.from(b, (x, i) => ALPHABET[i === 0 ? x & 7 : x & 31]).join('');
}
