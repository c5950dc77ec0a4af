// <mask-opinion>: what a person thinks in a consultation of masks. It finds the root on
// this device, fills in what she has answered, and lets what is new leave when the page
// is put away.
import type { Bytes } from '../account/bytes.ts';
import { keptRoots } from '../account/device.ts';
import { canHoldKeys, define, KeyElement } from '../account/element.ts';
import { unveil } from '../account/unveil.ts';
import { Broken } from '../space/blind.ts';
import { isLocal, skew } from '../space/halltime.ts';
import { alone, Held } from '../space/held.ts';
import { Issuers } from '../space/issuer.ts';
import { BoxAway, RemoteBox } from '../space/letter.ts';
import { Opinion, type Parting } from '../space/opinion.ts';
import { canSign } from '../space/signer.ts';
import { spokeAt } from '../space/spoke.ts';
import { Away, leave, pay, Turned } from '../space/visit.ts';

const MOST_SKEW = 36 * 3_600_000; // ms

class MaskOpinion extends KeyElement {
  protected override readonly steps = ['plain', 'old', 'locked', 'none', 'here'];
  #opinion!: Opinion;
  #parting: Parting | null = null;
  #box: RemoteBox | null = null;
  #away = false;

  connectedCallback(): void {
    this.#mind(this.#open());
  }

  #attr(name: string): string {
    return this.getAttribute(name) ?? '';
  }

  async #open(): Promise<void> {
    if (!canHoldKeys() || !('DecompressionStream' in globalThis) || !(await canSign())) return this.show('old', false);
    const roots = await keptRoots();
    if (!roots.length) return this.show('locked', false);
    const [root, rows] = (await this.#whose(roots)) ?? [];
    if (!root || !rows) return this.show('none', false);
    const [space, id, safe] = [this.#attr('space'), this.#attr('consultation'), this.#attr('safe')];
    const ofSpace = new Issuers(space, safe);
    const ahead = await skew();
    if (this.#attr('pace') === 'careful' && this.hasAttribute('letterbox')) {
      this.#box = new RemoteBox(await ofSpace.letterbox(), () => ofSpace.letterKey());
    }
    this.#opinion = new Opinion({
      id, space, root, rows, alone, lang: document.documentElement.lang, epoch: Number(this.#attr('epoch')), until: Number(this.#attr('until')),
      now: () => Date.now() + (isLocal() ? ahead : 0), spoke: spokeAt, draw: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32,
      pay: (body) => pay(safe, body),
    }, this.#box);
    if (!(await this.#opinion.may())) return this.show('none', false);
    await this.#fill();
    this.show('here', false);
    this.#bind();
    if (!isLocal() && Math.abs(ahead) > MOST_SKEW) return this.say('skew');
    const failed = await this.#opinion.begin().then(() => null, (e: unknown) => e);
    await this.#fill();
    await this.#paint();
    if (failed) this.#trouble(failed);
  }

  /** The root of whoever has been in the space; nobody's when no one here has. */
  async #whose(roots: Bytes[]): Promise<[Bytes, Held] | null> {
    for (const root of roots) {
      const rows = await Held.of(root);
      if (await rows.get(`space ${this.#attr('space')}`)) return [root, rows];
    }
    return null;
  }

  #mind(work: Promise<unknown>): void {
    void work.catch((e: unknown) => this.#trouble(e));
  }

  #trouble(e: unknown): void {
    if (e instanceof Turned && e.message) this.tell(e.message);
    else this.say(e instanceof Broken ? 'broken' : e instanceof BoxAway ? 'box' : e instanceof Away ? 'offline' : 'failed');
    this.dataset['trouble'] = e instanceof Error ? `${e.name} ${e.message}` : 'unknown';
  }

  async #fill(): Promise<void> {
    const { row } = await this.#opinion.sheet();
    for (const r of this.querySelectorAll<HTMLInputElement>('input[type=radio]')) {
      r.checked = r.value === (row[Number(r.name.slice(1)) - 1] ?? '.');
    }
  }

  #bind(): void {
    this.addEventListener('change', (e) => {
      const r = e.target as HTMLInputElement;
      if (r.type === 'radio') {
        this.dataset['packed'] = 'no';
        this.#mind(this.#opinion.answer(Number(r.name.slice(1)), r.value).then(() => this.#paint()));
      }
    });
    this.onSubmit('form[data-part=say]', async () => {
      const box = this.querySelector('textarea');
      if (!box?.value.trim()) return;
      await this.#opinion.say(box.value);
      box.value = '';
      await this.#paint();
      this.say('said');
    });
    addEventListener('pagehide', () => this.#leave());
    addEventListener('pageshow', (e) => {
      if (!e.persisted) return;
      this.#away = false;
      this.#mind(this.#paint());
    });
  }

  async #paint(): Promise<void> {
    this.dataset['packed'] = 'no';
    const stand = await this.#opinion.stand();
    const line = this.piece('stand');
    if (line) line.textContent = this.sentence(`stand-${stand}`, { why: (await this.#opinion.paper())?.why ?? '' });
    this.dataset['stand'] = stand;
    const refused = await this.#opinion.refused();
    if (refused.length) this.tell(refused.join(' '));
    const parting = await this.#opinion.parting();
    if (!this.#away) this.#parting = parting;
    this.dataset['packed'] = parting.quiet ? 'yes' : 'no';
  }

  /** The page is put away: what waits leaves by a request that outlives it. */
  #leave(): void {
    const how = this.#opinion.leaving();
    const [body, ids] = [this.#parting?.[how], this.#parting?.ids];
    this.#parting = null;
    this.#away = true;
    if (!body) return;
    if (ids) return void this.#box?.hand(ids[how], body).catch(() => undefined);
    leave(this.#attr('safe'), body);
  }
}

unveil(document); // before the element looks for its parts
define('mask-opinion', MaskOpinion);
