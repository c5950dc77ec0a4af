// What the two elements of messages share: their parts, their sentences, and a desk.
import { canHoldKeys, KeyElement } from '../account/element.ts';
import type { Desk } from './desk.ts';

const EVERY = 3000; // ms between two looks while the page is seen

export type Program = typeof import('./desk.ts');

export abstract class DeskElement extends KeyElement {
  protected override readonly steps = ['plain', 'closed', 'open'];
  protected desk: Desk | null = null;
  protected program: Program | null = null;
  private timer = 0;
  private working = false;
  private again = false;

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
      this.program = await import('./desk.ts'); // the sealing comes only here
      this.desk = await this.program.Desk.open(this.getAttribute('face') ?? '', this.getAttribute('handle') ?? '');
    } catch (e) {
      return this.close(this.program && e instanceof this.program.Closed ? e.why : this.reason(e));
    }
    this.say('');
    this.show('open', false);
    await this.opened();
    await this.work();
    const look = (): void => {
      if (document.visibilityState === 'visible') void this.work();
    };
    this.timer = window.setInterval(look, EVERY);
    for (const when of ['online', 'focus', 'visibilitychange']) (when === 'visibilitychange' ? document : window).addEventListener(when, look);
  }

  private close(why: string): void {
    const p = this.piece('why');
    if (p) p.textContent = this.sentence(why);
    this.say('');
    this.show('closed', false);
  }

  private reason(e: unknown): string {
    return this.program && e instanceof this.program.Unreachable ? 'offline' : 'failed';
  }

  /** Fetches and sends what waits, and shows it; one at a time. */
  protected async work(): Promise<void> {
    if (this.working) {
      this.again = true;
      return;
    }
    this.working = true;
    try {
      const changed = (await this.desk?.work()) ?? new Set<string>();
      this.say('');
      await this.worked(changed);
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
    if (this.program && e instanceof this.program.Refused) this.tell(e.message);
    else if (this.program && e instanceof this.program.NoDevice) this.say('nodevice');
    else this.say(this.reason(e));
  }

  /** The desk is there. */
  protected abstract opened(): Promise<void>;

  /** Conversations have changed; '' stands for what could not be told. */
  protected abstract worked(changed: Set<string>): Promise<void>;
}

export const part = <T extends HTMLElement>(of: ParentNode, name: string): T | null => of.querySelector<T>(`[data-part="${name}"]`);

/** A copy of a template of the page. */
export function copy(of: HTMLElement, name: string): HTMLElement {
  const t = of.querySelector<HTMLTemplateElement>(`template[data-part="${name}"]`);
  const c = t?.content.firstElementChild?.cloneNode(true);
  if (!(c instanceof HTMLElement)) throw new Error(`no template ${name}`);
  return c;
}
