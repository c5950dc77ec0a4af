// <meeting-bell>: the page of a booking rings at its minute, by the clock of the hall, as long
// as it is open; and from two minutes before it lets whoever has booked call.
import { ask, KeyElement } from '../account/element.ts';
import type { GuestPage } from './guest.ts';
import { ringtone } from './tone.ts';

/** How the meeting stands; moments are ms since 1970, by the clock of the hall. */
export interface Standing {
  now: number;
  start: number;
  end: number;
  opens: number;
  state: string;
  open: boolean; // she may call now
  work: string; // token of the work that costs
}

export const RINGS = 45_000; // ms
export const LATE = 5 * 60_000; // after which it rings no more
const AGAIN = 10 * 60_000; // ms between two looks, at most: it may have been moved
const SOON = 60_000; // where the hall could not be asked
const TRIAL = 3000;
const FLASH = 1000;

/** What is to be done at a moment of a meeting, and in how many ms to look again. */
export function due(s: Standing, now: number): { rings: boolean; opens: boolean; again: number } {
  const next = [s.opens, s.start, s.end].filter((t) => t > now).map((t) => t - now);
  return { rings: now >= s.start && now < Math.min(s.end, s.start + LATE), opens: now >= s.opens && now < s.end, again: Math.min(AGAIN, ...next) };
}

export class MeetingBell extends KeyElement {
  protected override readonly steps = [];
  private readonly at = this.getAttribute('at') ?? '';
  private readonly named = document.title;
  private stands: Standing | null = null;
  private ahead = 0; // ms by which the clock of the hall is ahead of this one
  private alarm: Worker | null = null;
  private timer = 0;
  private quiet: (() => void) | null = null;

  connectedCallback(): void {
    this.alarm = new Worker(this.getAttribute('alarm') ?? '');
    this.alarm.onmessage = () => void this.wakes();
    this.on('hear', () => setTimeout(ringtone(), TRIAL));
    this.on('hush', () => this.hush());
    this.addEventListener('submit', () => this.hush()); // she calls
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void this.wakes(); // the computer may have slept
    });
    void this.wakes();
  }

  disconnectedCallback(): void {
    this.alarm?.terminate();
    this.hush();
  }

  private get guest(): GuestPage | null {
    return this.querySelector<GuestPage>('guest-page');
  }

  private get now(): number {
    return Date.now() + this.ahead;
  }

  /** It is time to look: first by what is known, since it is to ring though the line is away. */
  private async wakes(): Promise<void> {
    this.acts();
    const known = await this.asks();
    const again = this.stands && known ? this.acts() : SOON;
    this.alarm?.postMessage(Math.max(again, 50));
  }

  private async asks(): Promise<boolean> {
    const sent = Date.now();
    const s = await ask<Standing>(`${this.at}/now`).catch(() => null);
    if (!s) return false;
    this.ahead = s.now - (sent + Date.now()) / 2;
    const was = this.stands ?? { start: Number(this.getAttribute('start')), state: this.getAttribute('state') };
    this.stands = s;
    if ((s.start !== was.start || s.state !== was.state) && !this.guest?.calling) location.reload(); // it was moved, or cancelled
    return true;
  }

  private acts(): number {
    const s = this.stands;
    if (!s) return SOON;
    const { rings, opens, again } = due(s, this.now);
    if (rings) this.rings(s);
    if (opens && s.open) void this.guest?.opens(s.work);
    if (!opens) this.hush();
    this.dataset['bell'] = this.quiet ? 'rings' : opens ? 'open' : 'waits';
    return opens && !s.open ? SOON / 60 : again; // the clock was a little ahead
  }

  /** Rings once for one start, also over a page that is loaded anew. */
  private rings(s: Standing): void {
    const place = `meeting-rang/${this.at}`;
    if (this.guest?.calling || sessionStorage.getItem(place) === String(s.start)) return;
    sessionStorage.setItem(place, String(s.start));
    const silence = ringtone();
    const text = this.sentence('begins');
    const flash = window.setInterval(() => (document.title = document.title === this.named ? `● ${text}` : this.named), FLASH);
    this.shows(text, true);
    this.quiet = () => {
      silence();
      clearInterval(flash);
      document.title = this.named;
      this.shows(text, false);
    };
    this.timer = window.setTimeout(() => this.hush(), RINGS);
  }

  private shows(text: string, rings: boolean): void {
    const [p, b] = [this.piece('begins'), this.querySelector<HTMLElement>('[data-do=hush]')];
    if (p) p.textContent = text;
    if (b) b.hidden = !rings;
  }

  private hush(): void {
    clearTimeout(this.timer);
    this.quiet?.();
    this.quiet = null;
    if (this.dataset['bell'] === 'rings') this.dataset['bell'] = 'open';
  }
}
