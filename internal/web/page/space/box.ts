// The box to write in: kept while it is typed, guarded, and always saying as whom.
import { type Mark, guard } from './guard.ts';
import { saying, shape } from './shape.ts';
import { likeness } from './style.ts';

/** What the box needs of the page around it. */
export interface Around {
  sentence(key: string, words?: Record<string, string | number>): string;
  keep(draft: Typed): Promise<void>;
  /** Words that others in the space use, in lower case. */
  known(): ReadonlySet<string>;
  /** What this mask has written, what its owner has written openly, and others' texts. */
  styles(): Promise<{ mask: string; own: string; others: string[] }>;
}

export interface Typed {
  title: string;
  text: string;
  thread: string;
  reply: string;
}

const PAUSE = 400; // ms of quiet before looking at what was typed
const ALIKE = 0.9; // a share of others from which on it is said
const MOST_MARKS = 20;

export class Box {
  #timer = 0;
  #target = { thread: '', reply: '' };

  constructor(private readonly form: HTMLFormElement, private readonly around: Around) {
    form.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#look(), PAUSE);
    });
    addEventListener('pagehide', () => void this.around.keep(this.typed()));
  }

  #field(name: string): HTMLInputElement | HTMLTextAreaElement {
    return this.form.elements.namedItem(name) as HTMLInputElement;
  }

  #part(name: string): HTMLElement | null {
    return this.form.querySelector<HTMLElement>(`[data-part="${name}"]`);
  }

  typed(): Typed {
    return { title: this.#field('title').value.trim(), text: this.#field('text').value, ...this.#target };
  }

  /** Fills the box with what was typed before. */
  fill(t: Typed): void {
    this.#field('title').value = t.title;
    this.#field('text').value = t.text;
    this.#target = { thread: t.thread, reply: t.reply };
    this.#show();
    void this.#look();
  }

  /** Turns to a thread, or to a post in it; empty: a new thread. */
  answer(thread: string, reply: string): void {
    this.#target = { thread, reply };
    this.#show();
    void this.around.keep(this.typed());
  }

  empty(): void {
    this.form.reset();
    this.#target = { thread: this.#target.thread, reply: '' };
    this.#show();
    this.#part('marks')?.replaceChildren();
    void this.around.keep(this.typed());
  }

  #show(): void {
    const title = this.#part('title');
    if (title) title.hidden = !!this.#target.thread;
    (this.#field('title') as HTMLInputElement).required = !this.#target.thread;
    const to = this.#part('answers');
    if (to) to.hidden = !this.#target.reply;
  }

  async #look(): Promise<void> {
    const typed = this.typed();
    await this.around.keep(typed);
    const all = `${typed.title}\n${typed.text}`;
    const marks = guard(all, this.around.known());
    this.#part('marks')?.replaceChildren(...this.#list(marks, all), ...(await this.#style(typed.text)));
  }

  #list(marks: Mark[], text: string): Node[] {
    if (!marks.length) return [];
    const rows = marks.slice(0, MOST_MARKS).map((m) => {
      return shape(this.form, 'mark', { found: saying('mark', text.slice(m.from, m.to)), why: this.around.sentence(`guard.${m.kind}`) });
    });
    const list = document.createElement('ul');
    list.append(...rows);
    return [saying('p', this.around.sentence('guard')), list];
  }

  async #style(text: string): Promise<Node[]> {
    const { mask, own, others } = await this.around.styles();
    const found = likeness(`${mask}\n${text}`, own, others);
    if (!found || found.share < ALIKE) return [];
    return [saying('p', this.around.sentence('style', { words: found.words, of: Math.round(found.share * 10) }))];
  }
}
