// Keys of somebody signed in: <passkey-add>, <forget-device>, <root-status>.
import { type Bytes, decode, encode } from './bytes.ts';
import { forget, keptRoot, settle } from './device.ts';
import { ask, canHoldKeys, go, KeyElement } from './element.ts';
import { requestKey } from '../space/pass.ts';
import { makePasskey, passkeysWork } from './passkey.ts';
import { enter, PhraseElement } from './signin.ts';
import { addHolder } from './vault.ts';

interface Offer {
  ceremony: string;
  publicKey: PublicKeyCredentialCreationOptionsJSON;
  vault: string;
}

export class PasskeyAdd extends PhraseElement {
  protected override readonly steps = ['locked', 'open'];
  private root: Bytes | null = null;

  connectedCallback(): void {
    if (!canHoldKeys() || !passkeysWork()) return;
    this.onSubmit('[data-part=locked] form', () => this.unlock());
    this.on('add', () => this.add());
    void this.look();
  }

  private get device(): string {
    return this.getAttribute('device') ?? '';
  }

  private async look(): Promise<void> {
    this.root = await keptRoot(this.device);
    this.show(this.root || !this.hasAttribute('vault') ? 'open' : 'locked', false);
    this.hidden = false;
  }

  private async unlock(): Promise<void> {
    const keys = await this.phrase();
    if (!keys) return;
    const { vault } = await ask<{ vault: string }>(this.getAttribute('vault') ?? '');
    this.root = await enter(vault, keys.kek, this.device);
    this.say(this.root || !vault ? '' : 'wrong');
    if (this.root || !vault) this.show('open');
  }

  private async add(): Promise<void> {
    const action = this.getAttribute('action') ?? '';
    const offer = await ask<Offer>(`${action}/options`, {});
    const made = await makePasskey(offer.publicKey);
    const vault = decode(offer.vault);
    let grown = '';
    if (vault?.length && made.kek && this.root) {
      const live = (offer.publicKey.excludeCredentials ?? []).map((c) => decode(c.id)).filter((id) => id !== null);
      const next = await addHolder(vault, this.root, { kek: made.kek, credential: made.id }, live);
      if (typeof next === 'string') return this.say(next);
      grown = encode(next);
    }
    this.say(grown ? 'busy' : 'noprf');
    const label = (this.piece('label') as HTMLInputElement | null)?.value ?? '';
    const { next } = await ask<{ next: string }>(action, { ceremony: offer.ceremony, credential: made.credential, vault: grown, label });
    go(next);
  }
}

export class ForgetDevice extends KeyElement {
  protected override readonly steps = [];

  connectedCallback(): void {
    this.on('forget', async () => this.say((await forget(this.getAttribute('device') ?? '')) ? 'forgotten' : 'none'));
  }
}

export class RootStatus extends KeyElement {
  protected override readonly steps = ['open', 'closed'];

  connectedCallback(): void {
    const device = this.getAttribute('device') ?? '';
    void settle(device).then(() => keptRoot(device)).then((root) => {
      this.show(root ? 'open' : 'closed', false);
      this.hidden = false;
      const lacking = this.getAttribute('request');
      if (root && lacking) return this.give(lacking, root);
      return undefined;
    });
  }

  /** Gives the hall the key it lacks since this member joined in early days. */
  private async give(to: string, root: Bytes): Promise<void> {
    const key = await requestKey(root);
    if (key) await fetch(to, { method: 'POST', body: new URLSearchParams({ request_key: key }) }).catch(() => {}); // the next visit gives it
  }
}
