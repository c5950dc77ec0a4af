// Bringing others into a call: whom one calls in, and how that goes.
import { type Bytes, encode, random } from '../account/bytes.ts';
import { ask, type KeyElement } from '../account/element.ts';
import { copy, part } from '../message/part.ts';
import { end } from './ring.ts';

/** Somebody who is being called in, as the hall says. */
export interface Brought {
  call: string;
  name: string;
  state: string;
  mine?: boolean;
}

export interface Bringing {
  /** Lets whoever has a secret in, and sends it to somebody, sealed. */
  invite(secret: Bytes): void;
  send(handle: string, call: string, key: string): Promise<void>;
  look(): Promise<void>;
}

export class Company {
  private shown = '';

  constructor(private readonly page: KeyElement, private readonly call: string, private readonly told: Bringing) {
    page.onSubmit('[data-part=bring]', () => this.bring());
  }

  private async bring(): Promise<void> {
    const whom = this.page.piece('whom') as HTMLSelectElement | null;
    if (!whom?.value) return;
    const b = await ask<Brought>(`/calls/${this.call}/people`, { handle: whom.value });
    const secret = random(32);
    this.told.invite(secret);
    try {
      await this.told.send(whom.value, b.call, encode(secret));
    } catch {
      await end(b.call); // it cannot be sealed for her
      this.page.piece('company')?.replaceChildren(this.page.sentence('no_device', { name: b.name }));
    }
    await this.told.look();
  }

  /** Shows whom it rings, and tells whether it does. */
  show(list: Brought[]): boolean {
    const now = JSON.stringify(list);
    if (now !== this.shown) {
      this.shown = now;
      this.page.piece('brought')?.replaceChildren(...list.map((b) => this.line(b)));
    }
    return list.some((b) => b.state === 'ringing');
  }

  private line(b: Brought): HTMLElement {
    const li = copy(this.page, 'called');
    const said = part(li, 'how');
    if (said) said.textContent = this.page.sentence(`in_${b.state}`, { name: b.name });
    const stop = li.querySelector('button');
    if (stop) {
      stop.hidden = !(b.mine && b.state === 'ringing');
      stop.addEventListener('click', () => void end(b.call).then(() => this.told.look()));
    }
    return li;
  }
}
