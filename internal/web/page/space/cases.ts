// Appeals: those that the space shows everybody, and those that this mask was drawn
// to judge. Nobody here learns who anyone is, jurors included.
import { clean } from './clean.ts';
import type { Page } from './paint.ts';
import { date, saying, shape } from './shape.ts';
import type { State } from './state.ts';
import type { Brief, Bundle, Case } from './visit.ts';

/** The published cases, those that wait first, then the newest. */
export function cases(page: Page, b: Bundle, mine: string[]): Node[] {
  const open = (c: Case): number => (c.outcome ? 0 : 1);
  return [...b.cases].sort((x, y) => open(y) - open(x) || y.day - x.day).map((c) => shape(page, 'case', {
    about: page.sentence(`case-${c.about}`), day: date(c.day),
    name: b.masks.find((m) => m.id === c.mask)?.name ?? page.sentence('nameless'),
    own: mine.includes(c.mask) ? page.sentence('yours') : null,
    outcome: page.sentence(c.outcome ? `case-${c.outcome}` : c.jurors.length ? 'case-open' : 'case-drawing'),
    reason: quoted(c.reason), text: quoted(c.text), words: words(c), link: place(page, b, c),
  }));
}

/** The texts that this mask is to judge, each with its form. */
export function judging(page: Page, b: Bundle, s: State): Node[] {
  return s.judge.map((brief) => {
    const c = b.cases.find((o) => o.id === brief.case);
    const said = s.judged[brief.case];
    const e = shape(page, 'judging', {
      about: c ? page.sentence(`case-${c.about}`) : null, title: brief.title ? quoted(brief.title) : null, body: brief.html ? body(brief) : null,
      reason: c ? quoted(c.reason) : null, text: c ? quoted(c.text) : null, said: said ? page.sentence(`judged-${said}`) : null,
    });
    e.dataset['case'] = brief.case;
    for (const r of e.querySelectorAll<HTMLInputElement>('input[name=verdict]')) r.checked = r.value === said;
    return e;
  });
}

/** Whether the hall has something to say to the mask alone, for which it must show itself: it was drawn, or something was decided about it. */
export function inquires(b: Bundle | null, s: State, id: string): boolean {
  if (s.n < 0 || !s.mask) return false;
  const drawn = b?.cases.some((c) => !c.outcome && c.jurors.includes(id) && !s.judge.some((j) => j.case === c.id)) ?? false;
  return drawn || (['muted', 'banned'].includes(s.mask.state) && !s.mask.reason);
}

/** The list of what jurors said, without whose it is. */
function words(c: Case): Node | null {
  if (!c.words?.length) return null;
  const list = document.createElement('ul');
  list.append(...c.words.map((w) => {
    const li = document.createElement('li');
    li.append(quoted(w));
    return li;
  }));
  return list;
}

/** The way to the post, when the space still shows where it stood. */
function place(page: Page, b: Bundle, c: Case): Node | null {
  const there = b.threads.some((t) => t.posts.some((p) => p.id === c.post));
  return there ? saying('a', page.sentence('case-post'), { href: `#${c.post}` }) : null;
}

const body = (brief: Brief): Node => {
  const e = saying('div', '', { className: 'prose' });
  e.append(clean(brief.html));
  return e;
};

const quoted = (text: string): Node => saying('span', text);
