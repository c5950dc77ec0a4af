// <join-keys>: makes the root, the phrase and perhaps a passkey, while the work
// is done beside, and fills the form it stands in.
import { type Bytes, decode, encode, random } from './bytes.ts';
import { keepRoot } from './device.ts';
import { requestKey } from '../space/pass.ts';
import { ask, canHoldKeys, KeyElement } from './element.ts';
import { type Made, makePasskey, passkeysWork } from './passkey.ts';
import { drawPhrase, type List, loginHash, type PhraseKeys, phraseKeys, readPhrase, WORDS, wordList } from './phrase.ts';
import { below, type Holder, makeVault } from './vault.ts';
import { startWork, type Working } from './work.ts';

const ASKED = 3;

export class JoinKeys extends KeyElement {
  protected override readonly steps = ['plain', 'choose', 'words', 'confirm', 'ready'];
  private list: List = [];
  private words: string[] = [];
  private keys: Promise<PhraseKeys> | null = null;
  private passkey: Made | null = null;
  private asked: number[] = [];
  private working: Working | null = null;

  connectedCallback(): void {
    const form = this.closest('form');
    if (!form || !canHoldKeys()) return;
    this.zone(form);
    this.work();
    this.on('phrase', () => this.begin());
    this.on('passkey', () => this.beginWithPasskey());
    this.on('written', () => this.confirm());
    this.on('back', () => this.show('words'));
    this.on('check', () => this.check());
    this.on('plain', () => this.show('plain'));
    form.addEventListener('submit', (e) => this.submit(e, form));
    const offered = this.querySelector<HTMLElement>('button[data-do=passkey]');
    if (offered) offered.hidden = !this.hasAttribute('passkey') || !passkeysWork();
    this.show(this.field('vault')?.value ? 'ready' : 'choose', false);
  }

  disconnectedCallback(): void {
    this.working?.stop();
  }

  private field(name: string): HTMLInputElement | null {
    const found = this.closest('form')?.elements.namedItem(name);
    return found instanceof HTMLInputElement ? found : null;
  }

  private put(name: string, value: string): void {
    const f = this.field(name);
    if (f) f.value = value;
  }

  /** Fills the time zone the browser knows, where the person has chosen none. */
  private zone(form: HTMLFormElement): void {
    const f = form.elements.namedItem('zone');
    if ((f instanceof HTMLInputElement || f instanceof HTMLSelectElement) && !f.value) {
      f.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
    }
  }

  private work(): void {
    const token = this.field('work')?.value ?? '';
    const script = this.getAttribute('worker');
    if (!token || token.includes('.') || !script) return;
    const bar = this.querySelector('progress');
    this.working = startWork(script, token, (done) => { if (bar) bar.value = done; });
    this.working.answer.then((answer) => {
      this.put('work', answer);
      if (bar) bar.value = 1;
    }, () => { this.working = null; }); // no worker: the hall's queue is open
  }

  private async begin(): Promise<void> {
    if (!this.words.length) {
      this.list = await wordList();
      this.words = drawPhrase(this.list);
      this.keys = phraseKeys(this.words); // slow; done while the person writes
      this.keys.catch(() => {});
    }
    const items = this.words.map((word) => {
      const li = document.createElement('li');
      li.textContent = word;
      return li;
    });
    this.piece('list')?.replaceChildren(...items);
    this.show('words');
  }

  private async beginWithPasskey(): Promise<void> {
    const name = this.field('name')?.value ?? '';
    const o = await ask<{ ceremony: string; publicKey: PublicKeyCredentialCreationOptionsJSON }>(
      this.getAttribute('passkey') ?? '', { name });
    this.passkey = await makePasskey(o.publicKey);
    this.put('ceremony', o.ceremony);
    this.put('passkey', JSON.stringify(this.passkey.credential));
    this.say(this.passkey.kek ? '' : 'noprf');
    await this.begin();
  }

  private confirm(): void {
    const places = Array.from({ length: WORDS }, (_, i) => i);
    this.asked = Array.from({ length: ASKED }, () => places.splice(below(places.length), 1)[0] ?? 0).sort((a, b) => a - b);
    const labels = this.querySelectorAll('[data-part=ask]');
    this.answers().forEach((input, i) => {
      input.value = '';
      input.removeAttribute('aria-invalid');
      const label = labels[i];
      if (label) label.textContent = this.sentence('ask', { n: (this.asked[i] ?? 0) + 1 });
    });
    this.say('');
    this.show('confirm');
  }

  private answers(): HTMLInputElement[] {
    return [...this.querySelectorAll<HTMLInputElement>('input[data-part=answer]')];
  }

  private async check(): Promise<void> {
    for (const [i, input] of this.answers().entries()) {
      const place = this.asked[i] ?? 0;
      const { words, unknown } = readPhrase(input.value, this.list);
      const right = words.length === 1 && words[0] === this.words[place];
      input.setAttribute('aria-invalid', String(!right));
      if (right) continue;
      const strange = unknown[0];
      if (strange) this.say('unknown', { word: strange.typed, n: place + 1 });
      else this.say('wrong', { n: place + 1 });
      input.focus();
      return;
    }
    this.say('busy');
    await this.finish();
  }

  private async finish(): Promise<void> {
    if (!this.keys) return;
    const { login, kek } = await this.keys;
    const root = random(32);
    const holders: Holder[] = [{ kek }];
    if (this.passkey?.kek) holders.push({ kek: this.passkey.kek, credential: this.passkey.id });
    const device = this.field('device')?.value || encode(random(16)); // a signed-in browser has one
    this.put('vault', encode(await makeVault(root, holders)));
    this.put('login_hash', await loginHash(decode(login) as Bytes));
    this.put('request_key', await requestKey(root));
    this.put('device', device);
    this.say((await keepRoot(device, root, true)) ? '' : 'nokeep');
    this.piece('list')?.replaceChildren();
    this.show('ready');
  }

  /** Lets the form go only with keys made and the work done. */
  private submit(e: SubmitEvent, form: HTMLFormElement): void {
    const step = this.dataset['step'];
    if (step !== 'ready' && step !== 'plain') {
      e.preventDefault();
      const next = { confirm: 'check', words: 'written' }[step ?? ''] ?? 'phrase';
      this.querySelector<HTMLElement>(`button[data-do=${next}]`)?.[step === 'confirm' ? 'click' : 'focus']();
      return;
    }
    if (!this.working || this.field('work')?.value.includes('.')) return;
    e.preventDefault();
    this.say('working');
    // older Safari cannot ask; then the form simply goes
    const send = (): void => ('requestSubmit' in form ? form.requestSubmit(e.submitter) : (form as HTMLFormElement).submit());
    this.working.answer.then(send, send);
  }
}
