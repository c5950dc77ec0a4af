// Signing in with keys: <phrase-signin> and <passkey-signin>.
import { type Bytes, decode, encode, random } from './bytes.ts';
import { keepRoot } from './device.ts';
import { ask, canHoldKeys, go, KeyElement } from './element.ts';
import { passkeysWork, usePasskey } from './passkey.ts';
import { phraseKeys, type PhraseKeys, readPhrase, WORDS, wordList } from './phrase.ts';
import { openVault } from './vault.ts';

interface SignedIn {
  vault: string;
  next: string;
}

/** Keeps the root on this device when the key opens the vault. */
export async function enter(vault: string, kek: Bytes | null, device: string): Promise<Bytes | null> {
  const v = decode(vault);
  const root = v && kek ? await openVault(v, kek) : null;
  if (root) await keepRoot(device, root, false);
  return root;
}

/** An element with a box for the phrase. */
export abstract class PhraseElement extends KeyElement {
  /** Reads the box; null when it cannot be a phrase, which is then said. */
  protected async phrase(): Promise<PhraseKeys | null> {
    const box = this.piece('phrase') as HTMLTextAreaElement | null;
    const { words, unknown } = readPhrase(box?.value ?? '', await wordList());
    const strange = unknown[0];
    const wrong = strange !== undefined || words.length !== WORDS;
    box?.setAttribute('aria-invalid', String(wrong));
    if (!wrong) {
      this.say('busy');
      return phraseKeys(words);
    }
    if (strange) this.say('unknown', { word: strange.typed, n: strange.place });
    else this.say('count', { n: words.length });
    box?.focus();
    return null;
  }
}

export class PhraseSignIn extends PhraseElement {
  protected override readonly steps = [];

  connectedCallback(): void {
    if (!canHoldKeys()) return;
    this.hidden = false;
    this.onSubmit('form', () => this.signIn());
  }

  private async signIn(): Promise<void> {
    const keys = await this.phrase();
    if (!keys) return;
    const device = encode(random(16));
    const answer = await ask<SignedIn>(this.getAttribute('action') ?? '', {
      login: keys.login, device, next: this.getAttribute('next') ?? '',
    });
    await enter(answer.vault, keys.kek, device);
    go(answer.next);
  }
}

export class PasskeySignIn extends KeyElement {
  protected override readonly steps = [];

  connectedCallback(): void {
    if (!canHoldKeys() || !passkeysWork()) return;
    this.hidden = false;
    this.on('passkey', () => this.signIn());
  }

  private async signIn(): Promise<void> {
    const action = this.getAttribute('action') ?? '';
    this.say('busy');
    const o = await ask<{ ceremony: string; publicKey: PublicKeyCredentialRequestOptionsJSON }>(`${action}/options`, {});
    const used = await usePasskey(o.publicKey);
    const device = encode(random(16));
    const answer = await ask<SignedIn>(action, {
      ceremony: o.ceremony, credential: used.credential, device, next: this.getAttribute('next') ?? '',
    });
    await enter(answer.vault, used.kek, device);
    go(answer.next);
  }
}
