// <booking-address>: the address at which one can be booked, with the fingerprint of the key by
// which one is called at meetings, where it is one's own.
import { encode } from '../account/bytes.ts';
import { keptRoot } from '../account/device.ts';
import { canHoldKeys } from '../account/element.ts';
import { device } from '../message/hall.ts';
import { fingerprint } from './handshake.ts';
import { linkKeys } from './link.ts';

export class BookingAddress extends HTMLElement {
  connectedCallback(): void {
    void this.whole();
  }

  private async whole(): Promise<void> {
    const a = this.querySelector('a');
    if (!a || !canHoldKeys() || !globalThis.indexedDB) return;
    const root = await device().then((d) => keptRoot(d.device)).catch(() => null);
    if (!root) return;
    const keys = await linkKeys(root, this.getAttribute('link') ?? '');
    const mine = encode(keys.public) === this.getAttribute('key');
    for (const p of this.querySelectorAll<HTMLElement>('[data-part]')) p.hidden = (p.dataset['part'] === 'mine') !== mine;
    if (mine) {
      a.hash = await fingerprint(keys.public);
      a.textContent = a.href;
    }
    this.dataset['address'] = mine ? 'whole' : 'false';
  }
}
