// <call-links>: makes links, and gives their whole addresses: the hall does not know the part
// behind #, and what it says of a key is believed by nobody.
import { type Bytes, encode } from '../account/bytes.ts';
import { keptRoot } from '../account/device.ts';
import { ask, canHoldKeys, KeyElement } from '../account/element.ts';
import { draws } from '../message/draws.ts';
import { device } from '../message/hall.ts';
import { part } from '../message/part.ts';
import { draw } from '../message/qr.ts';
import { fingerprint } from './handshake.ts';
import { linkKeys } from './link.ts';

export class CallLinks extends KeyElement {
  protected override readonly steps = ['plain', 'closed', 'open'];
  private root: Bytes | null = null;

  connectedCallback(): void {
    void this.begin();
  }

  private async begin(): Promise<void> {
    if (!canHoldKeys() || !globalThis.indexedDB) return this.close('old');
    this.root = await device().then((d) => keptRoot(d.device)).catch(() => null);
    if (!this.root) return this.close('noroot');
    this.show('open', false);
    this.onSubmit('[data-part=make]', () => this.make());
    for (const s of this.querySelectorAll<HTMLElement>('[data-link]')) await this.whole(s);
    this.dataset['links'] = 'shown';
  }

  private close(why: string): void {
    const p = this.piece('why');
    if (p) p.textContent = this.sentence(why);
    this.show('closed', false);
  }

  /** Shows the address of one link, or that its key is not hers. */
  private async whole(s: HTMLElement): Promise<void> {
    const box = part(s, 'whole');
    if (!this.root || !box) return;
    const keys = await linkKeys(this.root, s.dataset['link'] ?? '');
    const wrong = part(s, 'false');
    if (encode(keys.public) !== s.dataset['key']) {
      if (wrong) wrong.hidden = false;
      return;
    }
    const base = s.dataset['address'] ?? '';
    const address = `${new URL(base, location.origin).href}#${await fingerprint(keys.public)}`;
    for (const name of ['address', 'mail']) {
      const p = part(s, name);
      if (p) p.textContent = address;
    }
    const qr = part(s, 'qr');
    if (qr) draw(qr, address);
    box.hidden = false;
  }

  private async make(): Promise<void> {
    const form = this.querySelector('form');
    if (!form || !this.root) return;
    this.tell('');
    const said = new FormData(form);
    const kind = said.get('kind');
    const id = draws();
    const keys = await linkKeys(this.root, id);
    await ask('/calls/links', {
      id, key: encode(keys.public), shown: said.get('shown'), zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      own: kind === 'own', once: kind === 'once', named: said.get('named') === 'yes',
    });
    location.reload();
  }
}
