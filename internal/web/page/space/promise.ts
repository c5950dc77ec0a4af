// Which promise holds now and here, and never more than holds. The list of what
// remains says the same.
import { epochOf } from './calendar.ts';
import type { Mail, Page } from './paint.ts';
import { moment } from './shape.ts';
import type { State } from './state.ts';

const MANY = 50; // masks from which on somebody who watches learns little

/** What a promise depends on. */
export interface Here {
  signedIn: boolean;
  masks: number; // active ones in this space
  calm: boolean; // this device has not spoken openly of late
  mail: Mail | null;
  showed: boolean; // the mask has come to the hall itself in this visit
}

/** Whether the hall has not seen the mask come: what it does goes by letter. */
const unseen = (h: Here): boolean => !!h.mail && !h.showed;

/**
 * The promise, and the sentence that gives it. A letterbox hides when something is said, not
 * on which days: an account that is here on each of them gives its mask away (docs/RETALIATION.md).
 */
export function promised(h: Here): { promise: 'P1' | 'P2'; say: string } {
  if (h.masks >= MANY && h.calm && !h.signedIn) return { promise: 'P2', say: unseen(h) ? 'p2-letter' : 'p2' };
  return { promise: 'P1', say: h.signedIn ? 'p1-signed' : h.calm ? 'p1-few' : 'p1-spoke' };
}

/** Which of the links that remain do so, by the names the page gives them. */
export const remains = (h: Here, s: State): Record<string, boolean> => ({
  'signed-in': h.signedIn && !unseen(h), days: h.signedIn && unseen(h), few: h.masks < MANY, spoke: !h.calm, writes: s.n >= 0, words: s.written.length > 1500,
  watch: !unseen(h), letters: !!h.mail,
});

/** Says both, and how it is with the letterbox. */
export function promise(page: Page, h: Here, s: State, now: number): void {
  const { promise: holds, say } = promised(h);
  const [line, box] = [page.piece('promise'), page.piece('letterbox')];
  if (line) line.textContent = page.sentence(say, h.mail?.words);
  page.dataset['promise'] = holds;
  const facts = remains(h, s);
  for (const e of page.querySelectorAll<HTMLElement>('[data-when]')) {
    e.hidden = !facts[e.dataset['when'] ?? ''];
    if (h.mail && !e.hidden) e.textContent = e.textContent?.replaceAll('{box}', h.mail.words.box) ?? '';
  }
  if (!box || !h.mail) return;
  const how = s.unreached ? page.sentence('box-away', { ...h.mail.words, since: moment(s.unreached) }) : page.sentence('box', h.mail.words);
  const reads = s.n >= 0 && s.reads?.epoch !== epochOf(now) ? page.sentence('box-reads') : '';
  box.textContent = `${how} ${reads}`.trim();
  box.hidden = false;
}
