// What the elements of this folder share: parts, buttons, sentences and asking
// the hall. Every word on the screen was rendered by the hall.

export abstract class KeyElement extends HTMLElement {
  /** Names of the parts of which one at a time is shown. */
  protected abstract readonly steps: readonly string[];

  piece(name: string): HTMLElement | null {
    return this.querySelector<HTMLElement>(`[data-part="${name}"]`);
  }

  /** Shows one step, hides the others, and moves the focus into it. */
  protected show(step: string, focus = true): void {
    for (const s of this.steps) {
      const part = this.piece(s);
      if (part) part.hidden = s !== step;
    }
    this.dataset['step'] = step;
    if (focus) this.piece(step)?.querySelector<HTMLElement>('[tabindex="-1"], input:not([type=hidden]), textarea')?.focus();
  }

  /** Says a sentence of the hall in the message; an empty key clears it. */
  protected say(key: string, words: Record<string, string | number> = {}): void {
    this.tell(this.sentence(key, words));
  }

  protected tell(text: string): void {
    const message = this.piece('message');
    if (message) message.textContent = text;
  }

  sentence(key: string, words: Record<string, string | number> = {}): string {
    const text = this.querySelector<HTMLTemplateElement>(`template[data-say="${key}"]`)?.content.textContent ?? '';
    return text.trim().replace(/\{(\w+)\}/g, (all, name: string) => String(words[name] ?? all));
  }

  /** Binds a button; while its work runs it cannot be pressed again. */
  on(name: string, work: () => unknown): void {
    const button = this.querySelector<HTMLButtonElement>(`button[data-do="${name}"]`);
    button?.addEventListener('click', () => void this.busy(button, work));
  }

  /** Binds a form of this element, which is never sent by itself. */
  onSubmit(within: string, work: () => unknown): void {
    const form = this.querySelector<HTMLFormElement>(within);
    form?.addEventListener('submit', (e) => {
      e.preventDefault();
      void this.busy(form.querySelector('button'), work);
    });
  }

  private async busy(button: HTMLButtonElement | null, work: () => unknown): Promise<void> {
    if (button?.getAttribute('aria-disabled') === 'true') return;
    button?.setAttribute('aria-disabled', 'true'); // keeps the focus, unlike disabled
    this.setAttribute('aria-busy', 'true');
    try {
      await work();
    } catch (e) {
      this.tell(e instanceof Refused ? e.message : this.sentence(reason(e)));
    } finally {
      button?.removeAttribute('aria-disabled');
      this.removeAttribute('aria-busy');
    }
  }
}

/** The hall said no, in the reader's language. */
export class Refused extends Error {}

class Offline extends Error {}

/** Sentence for what went wrong in the browser. */
function reason(e: unknown): string {
  if (e instanceof Offline) return 'offline';
  return e instanceof DOMException && (e.name === 'NotAllowedError' || e.name === 'AbortError') ? 'cancelled' : 'failed';
}

/** Asks the hall in JSON. Fails with Refused and the hall's own words. */
export async function ask<T>(address: string, body?: object): Promise<T> {
  const sent: RequestInit = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  let r: Response;
  try {
    r = await fetch(address, {
      ...sent, cache: 'no-store', headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
    });
  } catch {
    throw new Offline();
  }
  const data = (await r.json().catch(() => ({}))) as T & { message?: string };
  if (r.ok) return data;
  throw data.message ? new Refused(data.message) : new Error(String(r.status));
}

/** Goes to a path of this hall, and nowhere else. */
export function go(path: string): void {
  const to = new URL(path, location.href);
  location.assign(to.origin === location.origin ? to : '/');
}

/** Whether this browser can hold keys here: WebCrypto exists only on safe origins. */
export const canHoldKeys = (): boolean => globalThis.isSecureContext && !!globalThis.crypto?.subtle;

export const define = (name: string, of: CustomElementConstructor): void => {
  if (!customElements.get(name)) customElements.define(name, of);
};
