// Pointing at and drawing on a shared screen, by all who are in the call: a dot with a name
// follows whoever points, and what she draws fades. Nothing is told before "Point" is pressed.
import type { KeyElement } from '../account/element.ts';
import { copy, part } from '../message/part.ts';
import { EVERY, type Mark, picture, type Place, placeIn, read, told } from './marks.ts';
import type { Words } from './keys.ts';
import type { Tiles } from './tiles.ts';

const LASTS = 2000; // ms that a dot stays
const FADES = 5000; // ms after which a stroke is gone
const MOST = 60; // strokes' pieces that are shown at once, of one person

interface Shown {
  dot: HTMLElement;
  timer: number;
  last: Place | null; // where the stroke that is being drawn goes on
  pieces: SVGElement[];
}

export class Pointing {
  private on = false;
  private waits: Place[] = [];
  private draws = false;
  private seat = ''; // on whose screen
  private timer = 0;
  private readonly shown = new Map<string, Shown>();

  constructor(private readonly page: KeyElement, private readonly tiles: Tiles, private readonly say: (w: Words) => void) {
    page.on('point', () => this.turn(!this.on));
    const stage = page.piece('stage');
    for (const name of ['pointerdown', 'pointermove', 'pointerup', 'pointercancel'] as const) stage?.addEventListener(name, (e) => this.moves(e));
  }

  /** One may point where a screen is shown. */
  offer(): void {
    const b = this.page.querySelector<HTMLElement>('[data-do=point]');
    const there = !!this.page.querySelector('[data-part=stage] video[data-screen]');
    if (b) b.hidden = !there;
    if (!there && this.on) this.turn(false);
  }

  private turn(on: boolean): void {
    this.on = on;
    this.page.querySelector('[data-do=point]')?.setAttribute('aria-pressed', String(on));
    this.page.piece('stage')?.toggleAttribute('data-points', on);
  }

  private moves(e: PointerEvent): void {
    const video = e.target instanceof HTMLVideoElement && 'screen' in e.target.dataset ? e.target : null;
    if (!this.on || !video) return;
    if (e.type === 'pointerup' || e.type === 'pointercancel') this.draws = false;
    else {
      const at = placeIn(picture(video.getBoundingClientRect(), video.videoWidth, video.videoHeight), e.clientX, e.clientY);
      if (!at) return;
      const on = video.closest<HTMLElement>('[data-seat]')?.dataset['seat'] ?? '';
      if (on !== this.seat) this.flush();
      this.seat = on;
      if (e.type === 'pointerdown') {
        this.flush();
        this.draws = true;
      }
      this.waits.push(at);
    }
    this.timer ||= window.setTimeout(() => this.flush(), EVERY);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    const at = this.draws ? this.waits : this.waits.slice(-1);
    this.waits = [];
    if (at.length === 0) return;
    const m = { on: this.seat || this.tiles.own, at, draws: this.draws };
    this.say(told(m));
    this.show('', m);
  }

  /** What somebody else shows. */
  heard(w: Words, seat: string): void {
    const m = w.t === 'mark' ? read(w) : null;
    if (m) this.show(seat, m);
  }

  private show(seat: string, m: Mark): void {
    const video = this.page.querySelector<HTMLVideoElement>(`[data-part=stage] [data-seat="${CSS.escape(m.on === this.tiles.own ? '' : m.on)}"] video[data-screen]`);
    const tile = video?.closest<HTMLElement>('[data-seat]');
    const last = m.at.at(-1);
    if (!video || !tile || !last) return;
    const s = this.shown.get(seat) ?? { dot: copy(this.page, 'dot'), timer: 0, last: null, pieces: [] };
    this.shown.set(seat, s);
    const name = part(s.dot, 'who');
    if (name) name.textContent = this.tiles.name(seat);
    const box = picture({ left: video.offsetLeft, top: video.offsetTop, width: video.offsetWidth, height: video.offsetHeight }, video.videoWidth, video.videoHeight);
    s.dot.style.insetInlineStart = 'auto';
    s.dot.style.left = `${box.left + last[0] * box.width}px`;
    s.dot.style.top = `${box.top + last[1] * box.height}px`;
    tile.append(s.dot);
    clearTimeout(s.timer);
    s.timer = window.setTimeout(() => {
      s.dot.remove();
      s.last = null;
    }, LASTS);
    if (m.draws) this.stroke(tile, box, s, m.at);
    s.last = m.draws ? last : null;
  }

  private stroke(tile: HTMLElement, box: { left: number; top: number; width: number; height: number }, s: Shown, at: Place[]): void {
    const ns = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(ns, 'svg');
    svg.setAttribute('viewBox', '0 0 1 1');
    svg.setAttribute('preserveAspectRatio', 'none');
    svg.setAttribute('aria-hidden', 'true');
    svg.classList.add('stroke');
    for (const [k, v] of Object.entries(box)) svg.style.setProperty(k, `${v}px`);
    const line = document.createElementNS(ns, 'polyline');
    line.setAttribute('points', [...(s.last ? [s.last] : []), ...at].map((p) => p.join(',')).join(' '));
    line.setAttribute('vector-effect', 'non-scaling-stroke');
    svg.append(line);
    tile.append(svg);
    s.pieces.push(svg);
    while (s.pieces.length > MOST) s.pieces.shift()?.remove();
    setTimeout(() => {
      svg.remove();
      s.pieces = s.pieces.filter((p) => p !== svg);
    }, FADES);
  }
}
