// <mail-proof>: shows a platform's mail, and in a later visit lets it vouch.
import { keptRoots } from '../account/device.ts';
import { canHoldKeys, define, go, KeyElement } from '../account/element.ts';
import { unveil } from '../account/unveil.ts';
import { Broken } from './blind.ts';
import { isLocal, skew } from './halltime.ts';
import { Held } from './held.ts';
import { Issuers } from './issuer.ts';
import { type Proof, showMail, shown, TooLarge, useMail } from './mail.ts';
import { canSign } from './signer.ts';
import { markSpoken } from './spoke.ts';
import { Away } from './visit.ts';

const DAY = 86_400_000;

class MailProof extends KeyElement {
  protected override readonly steps = ['plain', 'old', 'locked', 'show', 'wait', 'use'];

  connectedCallback(): void {
    void this.open().catch(() => this.show('locked', false));
  }

  private async open(): Promise<void> {
    if (!canHoldKeys() || !(await canSign())) return this.show('old', false);
    const roots = await keptRoots();
    const root = roots[0];
    if (!root || roots.length > 1) return this.show('locked', false); // whose mail it would be cannot be said
    const today = Math.floor((Date.now() + (isLocal() ? await skew() : 0)) / DAY);
    const rows = await Held.of(root);
    const safe = `${location.protocol}//safe.${location.host}`;
    this.onSubmit('form', () => this.hand(async (mail) => {
      await showMail(root, rows, new Issuers('', safe), safe, mail, today);
      this.show('wait');
    }));
    const proof = await shown(rows);
    this.on('use', () => proof && this.use(rows, proof));
    this.show(!proof ? 'show' : proof.day === today ? 'wait' : 'use', false);
  }

  private async hand(show: (mail: Uint8Array<ArrayBuffer>) => Promise<void>): Promise<void> {
    const file = this.querySelector<HTMLInputElement>('input[type=file]')?.files?.[0];
    if (!file) return; // the browser has asked for one
    try {
      await show(new Uint8Array(await file.arrayBuffer()));
      this.tell('');
    } catch (e) {
      if (e instanceof Away) return this.say('away');
      if (e instanceof TooLarge) return this.say('large');
      if (e instanceof Broken) return this.say('key');
      throw e;
    }
  }

  private async use(rows: Held, proof: Proof): Promise<void> {
    markSpoken();
    await useMail(rows, proof);
    go('/account/vouches?said=used');
  }
}

unveil(document); // before the element looks for its parts
define('mail-proof', MailProof);
