// <message-talk>: one conversation, or the place where one begins.
import { type Deed, type Line, REACTIONS, type Shown, view, type View } from './content.ts';
import { linked } from '../alliance/seal.ts';
import { copy, DeskElement, part } from './element.ts';
import { draws, Offline, Refusal } from './hall.ts';
import { pieces, prepare, save, Unfit } from './file.ts';
import type { FileInfo } from './info.ts';
import type { Lifting } from './lifting.ts';
import { report } from './report.ts';
import { RoomPart } from './room.ts';
import * as safety from './safety.ts';
import type { Talk } from './shelf.ts';

type About = { deed: 'reply' | 'edit'; of: Shown } | null;

const LATER = 500; // ms after the last key until a draft is kept

export class MessageTalk extends DeskElement {
  private group = this.getAttribute('group') ?? '';
  private readonly handle = this.getAttribute('with') ?? '';
  private talk: Talk | undefined;
  private about: About = null;
  private looked = false;
  private found = false;
  private marked = '';
  private drawn = '';
  private later = 0;
  private readonly who = new RoomPart(this, async (what) => {
    try {
      if (this.desk && this.talk) await what(this.desk, this.talk.id);
      void this.work();
    } catch (e) {
      this.troubled(e);
    }
  });

  protected override async opened(): Promise<void> {
    await this.find();
    this.onSubmit('[data-part=write]', () => this.write());
    this.on('cancel', () => this.choose(null));
    const text = this.text;
    text.value ||= (await this.desk?.draft(this.draftOf)) ?? '';
    text.addEventListener('input', () => {
      clearTimeout(this.later);
      this.later = window.setTimeout(() => void this.keep(), LATER);
    });
    text.addEventListener('blur', () => void this.keep());
    this.addEventListener('click', (e) => this.clicked(e));
    this.who.listen();
    const days = this.piece('days') as HTMLSelectElement | null;
    days?.addEventListener('change', () => void this.deed({ id: draws(), at: Date.now(), t: 'days', days: Number(days.value) }));
    part<HTMLDetailsElement>(this, 'safety')?.addEventListener('toggle', () => void this.safety());
    part<HTMLDetailsElement>(this, 'lift')?.addEventListener('toggle', () => void this.render());
    this.addEventListener('forgotten', () => void this.render());
    await this.render();
  }

  private get text(): HTMLTextAreaElement {
    return this.piece('text') as HTMLTextAreaElement;
  }

  private get draftOf(): string {
    return this.talk?.room ? this.talk.id : (this.talk?.with.handle ?? this.handle);
  }

  private keep(): Promise<void> | undefined {
    return this.about?.deed === 'edit' ? undefined : this.desk?.keepDraft(this.draftOf, this.text.value);
  }

  /** Which conversation it is. One that has begun here gets its own address. */
  private async find(): Promise<void> {
    this.talk = this.group ? await this.desk?.talk(this.group) : await this.desk?.talkWith(this.handle);
    const into = this.talk?.into;
    if (into) this.talk = await this.desk?.talk(into);
    if (!this.talk) return;
    if ((into || !this.group) && this.talk.epoch > 0) history.replaceState(null, '', `/messages/${this.talk.id}`);
    this.group = this.talk.id;
    const title = this.piece('title');
    const { room } = this.talk;
    const name = room ? room.name || this.sentence('room') : this.sentence('with', { name: this.talk.with.name });
    if (title) title.textContent = name;
    document.title = document.title.replace(/^.*? – /, () => `${name} – `);
  }

  protected override async worked(changed: Set<string>): Promise<void> {
    await this.find();
    if (this.talk && !this.looked && !changed.has('')) {
      this.looked = true;
      await this.desk?.look(this.talk.id).catch((e: unknown) => this.troubled(e));
    }
    await this.render();
    await this.who.draw(this.desk, this.talk);
    if (!this.found && location.hash.startsWith('#m-')) {
      const to = document.getElementById(location.hash.slice(1)); // from the search
      this.found = !!to;
      to?.scrollIntoView({ block: 'center' });
    }
    await this.mark();
    const numbers = part<HTMLDetailsElement>(this, 'safety');
    if (numbers && safety.brought() && !changed.has('')) {
      numbers.open = true;
      await this.safety();
    }
  }

  /** What is in the box goes on its way; it is kept before the box is emptied. */
  private async write(): Promise<void> {
    const text = this.text.value.trim();
    const chosen = this.about?.deed === 'edit' ? undefined : this.chooser.files?.[0];
    if (!text && !chosen) return this.text.focus();
    let file: FileInfo | undefined;
    try {
      file = chosen && (await this.taken(chosen));
    } catch (e) {
      if (e instanceof Unfit) return this.say(e.why);
      throw e;
    }
    const base = { id: draws(), at: Date.now() };
    const a = this.about;
    const reads = !this.talk?.room && ((await this.desk?.readMarks()) ?? false);
    const after = a?.deed === 'edit' ? a.of.days : this.now.days; // other words last no longer than the first
    const days = after ? { days: after } : {};
    const deed: Deed = a?.deed === 'edit' ? { ...base, t: 'edit', of: a.of.id, text, ...days } : { ...base, t: 'text', text, reads, ...(a ? { to: a.of.id } : {}), ...(file ? { file } : {}), ...days };
    await this.desk?.say({ group: this.group, handle: this.handle }, deed);
    await this.desk?.keepDraft(this.draftOf, '');
    this.text.value = '';
    this.chooser.value = '';
    this.choose(null);
    await this.render();
    void this.work();
  }

  private get chooser(): HTMLInputElement {
    return this.piece('chooser') as HTMLInputElement;
  }

  /** Keeps a chosen file on this device, ready to be sealed. */
  private async taken(chosen: File): Promise<FileInfo> {
    const { info, bytes } = await prepare(chosen, draws());
    await this.desk?.keepFile(info, bytes);
    return info;
  }

  /** Fetches a file, or gives it to be saved when it is here. */
  private async give(f: FileInfo, said: HTMLElement | null): Promise<void> {
    const here = this.held.includes(f.id);
    try {
      if (said) said.textContent = here ? '' : this.sentence('file_fetching');
      const bytes = await this.desk?.file(f);
      if (here && bytes) save(f, bytes);
      await this.render();
    } catch (e) {
      if (said) said.textContent = e instanceof Refusal ? e.message : this.sentence(e instanceof Offline ? 'file_offline' : 'file_damaged');
    }
  }

  private async deed(d: Deed): Promise<void> {
    await this.desk?.say({ group: this.group, handle: this.handle }, d);
    await this.render();
    void this.work();
  }

  private choose(a: About): void {
    this.about = a;
    const p = this.piece('about');
    if (!p) return;
    p.hidden = !a;
    if (!a) return;
    const what = part(p, 'about-what');
    if (what) what.textContent = this.sentence(a.deed === 'edit' ? 'editing' : 'replying');
    const text = part(p, 'about-text');
    if (text) text.textContent = a.of.text.slice(0, 80);
    if (a.deed === 'edit') this.text.value = a.of.text;
    this.text.focus();
  }

  private clicked(e: Event): void {
    const b = e.target instanceof Element ? e.target.closest<HTMLButtonElement>('li button') : null;
    const id = b?.closest('li')?.dataset['id'];
    const of = this.now.shown.find((s) => s.id === id);
    if (!b || !of) return;
    const base = { id: draws(), at: Date.now(), of: of.id };
    const mine = of.reactions[this.desk?.face ?? ''];
    if (b.dataset['do'] === 'fetch' && of.file) void this.give(of.file, part(b.closest('li') ?? this, 'file-said'));
    else if (b.dataset['do'] === 'delete' && of.n === Infinity) void this.desk?.cancel(id ?? '').then(() => this.render());
    else if (b.dataset['do'] === 'reply') this.choose({ deed: 'reply', of });
    else if (b.dataset['do'] === 'report') report(this, b.closest('li') ?? this, of);
    else if (b.dataset['do'] === 'edit') this.choose({ deed: 'edit', of });
    else if (b.dataset['do'] === 'delete') void this.deed({ ...base, t: 'gone' });
    else if (b.value) void this.deed({ ...base, t: 'react', with: mine === b.value ? '' : b.value });
  }

  private held: string[] = [];
  private gone: Record<string, number> = {}; // of a file on its way, how much is with the hall
  private now: View = { shown: [], reads: {}, got: {}, allows: {}, days: 0 };

  private async render(): Promise<void> {
    const lines: Line[] = this.group ? ((await this.desk?.lines(this.group)) ?? []) : [];
    const waiting = ((await this.desk?.queued()) ?? []).filter((q) => (this.group ? q.group === this.group : false) || (!q.group && q.handle === this.draftOf));
    const me = this.desk?.face ?? '';
    const all = [...lines, ...waiting.map((q): Line => ({ ...q.deed, n: Infinity, from: me }))];
    this.now = view(all);
    await this.lifts(all);
    this.held = (await this.desk?.files()) ?? [];
    this.gone = Object.fromEntries(waiting.flatMap((q) => (q.deed.t === 'text' && q.deed.file ? [[q.id, (q.piece ?? 0) / pieces(q.deed.file)]] : [])));
    const drawn = JSON.stringify([this.now, this.held, this.gone, this.talk?.lost, this.talk?.out, this.talk?.asked]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const open = [...this.querySelectorAll<HTMLElement>('li:has(details[open])')].map((l) => l.dataset['id']);
    const forms = new Map([...this.querySelectorAll<HTMLElement>('li form')].map((f) => [f.closest('li')?.dataset['id'], f]));
    const focus = document.activeElement;
    this.piece('lines')?.replaceChildren(...this.now.shown.map((s) => this.line(s, me)));
    for (const li of this.querySelectorAll<HTMLElement>('li[data-id]')) {
      const form = forms.get(li.dataset['id']); // what is typed into a report stays
      if (form) li.append(form);
      if (form?.contains(focus) && focus instanceof HTMLElement) focus.focus();
      const d = li.querySelector('details');
      if (d && open.includes(li.dataset['id'])) d.open = true;
    }
    const days = this.piece('days') as HTMLSelectElement | null;
    if (days && document.activeElement !== days) days.value = String(this.now.days);
    const empty = this.piece('empty');
    if (empty) empty.hidden = this.now.shown.length > 0;
    const form = this.piece('write');
    if (form) form.hidden = this.talk?.out === true || this.talk?.asked === true || (!this.talk && !this.handle);
    if (this.talk?.out) this.say(this.talk.closed && this.talk.room ? 'went_out' : 'out');
    else if (!this.talk && !this.handle) this.say('nobody');
  }

  private lifting: Lifting | undefined;

  /** Two may lift their masks to each other; what that needs is fetched when it is opened, or was proposed. */
  private async lifts(lines: Line[]): Promise<void> {
    const box = part<HTMLDetailsElement>(this, 'lift');
    if (!box || !this.desk) return;
    const t = this.talk?.room || this.talk?.out ? undefined : this.talk;
    box.hidden = !t;
    if (!t || (!box.open && !lines.some((l) => l.t === 'lift'))) return;
    const { Lifting } = await import('./lifting.ts');
    this.lifting ??= new Lifting(this, this.desk, (d) => this.deed(d));
    await this.lifting.draw(t, lines);
  }

  private line(s: Shown, me: string): HTMLElement {
    const li = copy(this, 'line');
    const set = (name: string, text: string): HTMLElement | null => {
      const p = part(li, name);
      if (p) p.textContent = text;
      return p;
    };
    li.dataset['id'] = s.id;
    li.id = `m-${s.id}`;
    const mine = s.from === me;
    const talks = s.kind === 'text' || s.kind === 'gone';
    if (!talks) li.dataset['told'] = '';
    else if (mine) li.dataset['mine'] = '';
    set('who', !talks ? '' : mine ? this.sentence('you') : this.nameOf(s.from));
    const when = new Date(s.at);
    const time = set('when', talks ? when.toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' }) : '');
    if (talks) time?.setAttribute('datetime', when.toISOString());
    const by = mine && !this.talk?.room ? this.sentence('you') : this.nameOf(s.from);
    set('said', s.kind === 'text' ? s.text : this.sentence(s.kind === 'days' ? `days${s.text}` : s.kind, { who: s.text, name: s.text, by }));
    this.showFile(li, s.file);
    const way = part<HTMLAnchorElement>(li, 'card');
    const card = s.kind === 'text' ? linked(s.text) : null;
    if (way && card) way.href = card.href;
    if (way) way.hidden = !card;
    part(li, 'said')?.toggleAttribute('hidden', !!card); // the address says nothing to anybody
    const quoted = s.kind === 'text' ? this.now.shown.find((x) => x.id === s.to) : undefined;
    const quote = set('quote', (quoted?.text || quoted?.file?.name)?.slice(0, 200) ?? '');
    if (quote) quote.hidden = !quoted;
    const states = [s.edited ? 'edited' : '', mine && s.kind === 'text' ? this.reached(s, me) : ''];
    set('state', states.filter(Boolean).map((k) => this.sentence(k, { n: this.percent(s.id) })).join(' · '));
    const reactions = set('reactions', Object.values(s.reactions).join(' '));
    if (reactions) reactions.hidden = Object.keys(s.reactions).length === 0;
    const deeds = part(li, 'deeds');
    if (deeds) deeds.hidden = s.kind !== 'text';
    if (s.n === Infinity) for (const b of li.querySelectorAll('[data-do=edit], [data-do=reply], [data-part=choices]')) b.remove(); // it can be taken back
    if (s.n === Infinity) for (const b of li.querySelectorAll('[data-do=delete]')) b.textContent = this.sentence('take_back');
    if (!mine) for (const b of li.querySelectorAll('[data-do=edit], [data-do=delete]')) b.remove();
    if (mine || !s.spoken?.said || !s.from) part(li, 'report-do')?.remove();
    part(li, 'choices')?.replaceChildren(...REACTIONS.map((r) => this.choice(r, s.reactions[me] === r)));
    return li;
  }

  private percent(id: string): string {
    return (this.gone[id] ?? 0).toLocaleString(document.documentElement.lang, { style: 'percent' });
  }

  /** How far a message of one's own has come, as far as the other lets it be known. */
  private reached(s: Shown, me: string): string {
    if (s.n === Infinity) return this.gone[s.id] ? 'carrying' : 'waiting';
    const upTo = (places: Record<string, number>): boolean => Object.entries(places).some(([who, n]) => who !== me && n >= s.n);
    if (upTo(this.now.reads)) return 'read';
    if (upTo(this.now.got)) return 'got';
    return this.talk?.room ? '' : 'sent';
  }

  private showFile(li: HTMLElement, f: FileInfo | undefined): void {
    const p = part(li, 'file');
    if (!p) return;
    p.hidden = !f;
    if (!f) return;
    const put = (name: string, text: string): void => {
      const e = part(li, name);
      if (e) e.textContent = text;
    };
    const unit = f.size < 1e6 ? 'kilobyte' : 'megabyte';
    const size = Math.max(0.1, f.size / (f.size < 1e6 ? 1e3 : 1e6));
    put('file-name', f.name);
    put('file-size', size.toLocaleString(document.documentElement.lang, { style: 'unit', unit, maximumFractionDigits: 1 }));
    const button = p.querySelector('button');
    if (button) button.textContent = this.sentence(this.held.includes(f.id) ? 'file_save' : 'file_fetch');
    button?.setAttribute('aria-label', `${button.textContent ?? ''} ${f.name}`);
  }

  private nameOf(face: string): string {
    const room = this.talk?.room;
    return room ? room.people[face]?.name || this.sentence('somebody') : (this.talk?.with.name ?? '');
  }

  private choice(r: string, pressed: boolean): HTMLButtonElement {
    const b = document.createElement('button');
    b.type = 'button';
    b.className = 'plain';
    b.value = b.textContent = r;
    b.setAttribute('aria-pressed', String(pressed));
    return b;
  }

  /** What was shown is seen on this device; the other is told if both allow it. */
  private async mark(): Promise<void> {
    if (this.desk) this.desk.showing = document.visibilityState === 'visible' ? this.group : '';
    if (!this.talk || document.visibilityState !== 'visible') return;
    await this.desk?.seen(this.talk.id, this.talk.n);
    const last = this.now.shown.filter((s) => s.kind === 'text' && s.from !== this.desk?.face).at(-1);
    if (!last || last.id === this.marked || !this.now.allows[last.from] || !(await this.desk?.readMarks())) return;
    this.marked = last.id;
    if ((this.now.reads[this.desk?.face ?? ''] ?? 0) >= last.n) return;
    await this.desk?.say({ group: this.group, handle: '' }, { id: draws(), at: Date.now(), t: 'read', of: last.id });
    void this.work();
  }

  private async safety(): Promise<void> {
    const bytes = this.group ? await this.desk?.safety(this.group) : null;
    if (!bytes) return;
    await safety.show(this, this.group, bytes);
    const said = this.piece('safety-said');
    const what = safety.compared(bytes);
    if (said) said.textContent = what && this.sentence(what);
    said?.classList.toggle('error', what === 'safety_differs');
  }
}
