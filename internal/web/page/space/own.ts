// A copy of what this device's owner has published openly, kept here under her
// root, because asking the hall for her public posts would tell it whose they are
// looked for.
import type { Bytes } from '../account/bytes.ts';
import { keptRoots } from '../account/device.ts';
import { Held } from './held.ts';

const NAME = 'own';
const MOST = 60_000; // characters

/** Keeps a text that was just published openly. With several people on one browser nobody's. */
export async function keepOwn(text: string): Promise<void> {
  const roots = await keptRoots();
  const root = roots[0];
  if (roots.length !== 1 || !root || !text.trim()) return;
  await (await Held.of(root)).change(NAME, '', (had) => (had.includes(text) ? had : `${had}\n${text}`.slice(-MOST)));
}

export const ownTexts = async (root: Bytes): Promise<string> => (await (await Held.of(root)).get<string>(NAME)) ?? '';
