// What the two elements of messages share: their parts, their sentences, and a desk.
import { canHoldKeys, KeyElement } from '../account/element.ts';
import type { Desk } from './desk.ts';
import { Offline, Refusal } from './hall.ts';
import { Closed, Lost, NoDevice, Shelf } from './shelf.ts';

const EVERY = 3000; // ms between two looks while the page is seen
const TOLD = 10_000; // the same while the hall tells what is new (shell/live.ts)

export abstract class DeskElement extends KeyElement {
  protected override readonly steps = ['plain', 'closed', 'open'];
  /** Whether the page is good for something before the sealing is there. */
  protected readonly light: boolean = false;
  protected shelf: Shelf | null = null;
  protected desk: Desk | null = null;
  private first = true;
  private timer = 0;
  private working = false;
  private trouble = false; // the page says that something did not work
  private again = false;
  private workedAt = 0;

  connectedCallback(): void {
    void this.begin();
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
  }

  private async begin(): Promise<void> {
    if (!canHoldKeys() || !navigator.locks || !globalThis.indexedDB) return this.close('old');
    try {
      this.say('busy');
      this.shelf = await Shelf.look(this.getAttribute('face') ?? '', this.getAttribute('handle') ?? '');
      if (!this.light) await this.sit();
    } catch (e) {
      return this.close(e instanceof Closed ? e.why : this.reason(e));
    }
    await this.opened(); // what is typed before would be overwritten by what was kept
    this.say('');
    this.show('open', false);
    await this.work();
    const look = (): void => {
      if (document.visibilityState === 'visible') void this.work();
    };
    this.timer = window.setInterval(() => {
      if (!document.documentElement.dataset['line'] || Date.now() - this.workedAt > TOLD) look();
    }, EVERY);
    document.addEventListener('hall:live', (e) => {
      if ((e as CustomEvent<string>).detail !== 'news') look();
    });
    for (const when of ['online', 'focus', 'visibilitychange']) (when === 'visibilitychange' ? document : window).addEventListener(when, look);
  }

  private close(why: string): void {
    const p = this.piece('why');
    if (p) p.textContent = this.sentence(why);
    this.say('');
    this.show('closed', false);
  }

  private reason(e: unknown): string {
    return e instanceof Offline ? 'offline' : 'failed';
  }

  /** Sits down at the desk: the sealing is fetched only now. */
  protected async sit(): Promise<Desk> {
    const { Desk } = await import('./desk.ts');
    this.desk ??= await Desk.open(this.getAttribute('face') ?? '', this.getAttribute('handle') ?? '');
    this.desk.carried = (what) => {
      if (what instanceof Error) this.troubled(what);
      else void (what === 'file' ? this.work() : this.worked(new Set()));
    };
    this.shelf = this.desk;
    return this.desk;
  }

  private async turn(): Promise<Set<string>> {
    if (!this.desk && !(await this.shelf?.needsDesk(this.first))) return new Set();
    return (await this.sit()).work();
  }

  /** Fetches and sends what waits, and shows it; one at a time. */
  protected async work(): Promise<void> {
    if (this.working) {
      this.again = true;
      return;
    }
    this.working = true;
    this.workedAt = Date.now();
    try {
      const changed = await this.turn();
      this.first = false;
      if (this.trouble) this.say(''); // what was said for another reason stays
      this.trouble = false;
      await this.worked(changed);
      if (changed.size > 0) document.dispatchEvent(new CustomEvent('hall:seen', { detail: { messages: true, opened: true } })); // shell/here.ts
    } catch (e) {
      await this.worked(new Set(['']));
      this.troubled(e);
    } finally {
      this.working = false;
    }
    if (this.again) {
      this.again = false;
      await this.work();
    }
  }

  protected troubled(e: unknown): void {
    this.trouble = true;
    if (e instanceof Refusal) this.tell(e.message);
    else if (e instanceof NoDevice) this.say('nodevice');
    else if (e instanceof Lost) this.say('file_lost');
    else this.say(this.reason(e));
  }

  /** The desk is there. */
  protected abstract opened(): Promise<void>;

  /** Conversations have changed; '' stands for what could not be told. */
  protected abstract worked(changed: Set<string>): Promise<void>;
}

export { copy, part } from './part.ts';
