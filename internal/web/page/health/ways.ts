// <call-ways>: tries each way to the server of calls, and says what came of it.
import { ask, KeyElement } from '../account/element.ts';
import { type Came, Wire, tried, WAYS } from '../call/ways.ts';

interface Tickets {
  url: string;
  tickets: string[]; // one for the web side, then one for each way
}

const SECOND = 1000;

export class CallWays extends KeyElement {
  protected override readonly steps = ['plain', 'closed', 'open'];

  connectedCallback(): void {
    this.show(globalThis.RTCPeerConnection ? 'open' : 'closed', false);
    this.on('try', () => this.try());
  }

  private async try(): Promise<void> {
    const names = ['web', ...WAYS];
    for (const n of names) this.came(n, this.sentence('waits'));
    this.row('tls', false);
    this.dataset['ways'] = '';
    const list = this.piece('ways');
    if (list) list.hidden = true;
    this.say('trying', { way: this.name('web') });
    const { url, tickets } = await ask<Tickets>(location.pathname, {});
    if (list) list.hidden = false;
    const from = performance.now();
    const line = await Wire.open(url, tickets[0] ?? '');
    this.came('web', this.words('web', { works: !!line, ms: performance.now() - from, why: line ? '' : 'shut' }));
    if (!line) {
      for (const n of WAYS) this.came(n, this.sentence('not_tried'));
      return this.end([]);
    }
    const inTLS = line.relays.some((r) => r.urls.some((u) => u.startsWith('turns:')));
    line.close();
    this.row('tls', inTLS);
    const good: string[] = [];
    for (const [i, way] of WAYS.entries()) {
      if (way === 'tls' && !inTLS) continue;
      this.say('trying', { way: this.name(way) });
      const came = await tried(way, url, tickets[i + 1] ?? '');
      if (came.works) good.push(way);
      this.came(way, this.words(way, came));
    }
    this.end(good);
  }

  private end(good: string[]): void {
    const list = new Intl.ListFormat(document.documentElement.lang, { type: 'conjunction' });
    if (good.length) this.say('works_by', { way: list.format(good.map((g) => inside(this.name(g)))) });
    else this.say('works_none');
    this.dataset['ways'] = good.join(' ') || 'none';
  }

  private words(way: string, c: Came): string {
    if (c.works) return this.sentence('works', { time: time(c.ms) });
    if (c.why === 'unreached' || c.why === 'elsewhere') return this.sentence(c.why);
    return this.sentence(`shut_${c.why === 'web' ? 'web' : way}`);
  }

  private came(way: string, text: string): void {
    const p = this.piece(`came-${way}`);
    if (p) p.textContent = text;
  }

  private name(way: string): string {
    return this.querySelector(`dt[data-way="${way}"]`)?.textContent?.trim() ?? '';
  }

  private row(way: string, shown: boolean): void {
    this.querySelectorAll<HTMLElement>(`[data-way="${way}"]`).forEach((e) => {
      e.hidden = !shown;
    });
  }
}

/** A name as it stands within a sentence. */
const inside = (name: string): string => name.charAt(0).toLocaleLowerCase(document.documentElement.lang) + name.slice(1);

/** A span of time, as the page's language writes it. */
function time(ms: number): string {
  const [n, unit, digits] = ms < SECOND ? [ms, 'millisecond', 0] : [ms / SECOND, 'second', 1];
  return new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit: unit as string, unitDisplay: 'long', maximumFractionDigits: digits as number, numberingSystem: 'latn' }).format(n as number);
}
