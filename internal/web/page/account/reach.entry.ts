// The page "Can I be reached?": switches this browser on, and watches how far a trial
// comes on each device. When that was is kept in this browser alone.
import { markSpoken } from '../space/spoke.ts';
import { decode, encode } from './bytes.ts';
import { define, KeyElement, Refused } from './element.ts';
import { lastTimes, keepTime } from './times.ts';
import { unveil } from './unveil.ts';

const LOOKS = 90; // one a second
const PATIENCE = 20_000; // ms in which a push service should have answered
const steps = ['', 'queued', 'failed', 'handed', 'shown', 'opened'];

/** How a push service's address is named in the list: as the hall does it. */
async function markOf(endpoint: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint));
  return encode(new Uint8Array(hash).subarray(0, 12));
}

/** What somebody gives, or his refusal by name; silence is one, too. */
const given = async <T>(by: Promise<T>): Promise<T | string> =>
  Promise.race([by, new Promise<string>((done) => setTimeout(done, PATIENCE, 'late'))]).catch((e: unknown) => (e instanceof DOMException ? e.name : 'unknown'));

class ReachMe extends KeyElement {
  protected override readonly steps = ['plain', 'off', 'on', 'denied', 'iphone', 'unable'];

  connectedCallback(): void {
    this.on('on', () => this.switchOn());
    void this.look();
    void this.tellLast();
    if (this.piece('rung')) void this.watch();
  }

  /** Shows how this browser stands. */
  private async look(): Promise<void> {
    this.show(await this.stand(), false);
  }

  private async stand(): Promise<string> {
    if (!('serviceWorker' in navigator) || !('PushManager' in globalThis) || !('Notification' in globalThis)) {
      // iPhones and iPads have push only once the hall is on the home screen.
      return /iPhone|iPad/.test(navigator.userAgent) && !matchMedia('(display-mode: standalone)').matches ? 'iphone' : 'unable';
    }
    if (Notification.permission === 'denied') return 'denied';
    const own = await (await navigator.serviceWorker.getRegistration())?.pushManager.getSubscription();
    return own && Notification.permission === 'granted' && (await this.lives(own)) ? 'on' : 'off';
  }

  /** Whether the hall has this address, and reaches it. */
  private async lives(own: PushSubscription): Promise<boolean> {
    return !!this.querySelector(`[data-mark="${await markOf(own.endpoint)}"]:not([data-dead])`);
  }

  private async switchOn(): Promise<void> {
    this.say('');
    if ((await Notification.requestPermission()) !== 'granted') return this.show('denied');
    const key = decode(this.getAttribute('key') ?? '');
    if (!key) throw new Error('no key');
    const { pushManager } = await navigator.serviceWorker.ready;
    const old = await pushManager.getSubscription();
    if (old && !(await this.lives(old))) await old.unsubscribe(); // removed, another's, or dead: the same address would come again
    this.say('asking');
    const made = await given(pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
    this.say(made === 'NotAllowedError' || typeof made !== 'string' ? '' : 'failed');
    if (made === 'NotAllowedError') return this.show('unable'); // she has allowed it: this is a private window
    if (typeof made === 'string') return;
    const { endpoint, keys } = made.toJSON();
    const body = new URLSearchParams({ endpoint: endpoint ?? '', key: keys?.['p256dh'] ?? '', auth: keys?.['auth'] ?? '' });
    const answer = await fetch('/account/reach/devices', { method: 'POST', body });
    if (!answer.ok) throw new Refused(((await answer.json()) as { message: string }).message);
    markSpoken(); // a nightly copy of the files dates it
    location.assign('/account/reach?said=saved');
  }

  /** Looks once a second how far the trial came, until all devices were pressed. */
  private async watch(): Promise<void> {
    const began = performance.timeOrigin;
    for (let i = 0; i < LOOKS && this.isConnected; i++) {
      await new Promise((done) => setTimeout(done, 1000));
      const answer = await fetch('/account/reach', { cache: 'no-store' }).catch(() => null);
      if (!answer?.ok) continue;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const rows = [...this.querySelectorAll<HTMLElement>('[data-mark]')];
      for (const row of rows) this.update(row, page, Date.now() - began);
      if (rows.every((row) => row.dataset['state'] === 'opened')) return;
    }
  }

  private update(row: HTMLElement, page: Document, ms: number): void {
    const fresh = page.querySelector<HTMLElement>(`[data-mark="${row.dataset['mark']}"]`);
    const part = '[data-part=state]';
    const state = fresh?.dataset['state'] ?? '';
    if (!fresh || steps.indexOf(state) === steps.indexOf(row.dataset['state'] ?? '')) return;
    row.dataset['state'] = state;
    row.toggleAttribute('data-dead', fresh.hasAttribute('data-dead'));
    if (row.hasAttribute('data-dead')) void this.look(); // it may be this browser
    const now = fresh.querySelector(part);
    if (now) row.querySelector(part)?.replaceChildren(...now.childNodes);
    const after = row.querySelector('[data-part=latency]');
    if (after) after.textContent = this.sentence('after', { n: (ms / 1000).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }) });
    if (state === 'shown' || state === 'opened') void keepTime(row.dataset['mark'] ?? '', Date.now());
  }

  private async tellLast(): Promise<void> {
    const times = await lastTimes();
    for (const row of this.querySelectorAll<HTMLElement>('[data-mark]')) {
      const at = times.get(row.dataset['mark'] ?? '');
      const last = row.querySelector('[data-part=last]');
      if (at && last) last.textContent = this.sentence('last', { n: new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' }) });
    }
  }
}

unveil(document); // before the element looks for its parts
define('reach-me', ReachMe);
