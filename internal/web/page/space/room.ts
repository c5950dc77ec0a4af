// <safe-space>: the page of a safe space. It finds the root on this device, lets
// the standing do what is due, and shows what came of it.
import { type Bytes, decode } from '../account/bytes.ts';
import { forgetRoots, keptRoots } from '../account/device.ts';
import { canHoldKeys, KeyElement, Refused } from '../account/element.ts';
import { background } from './background.ts';
import { Broken } from './blind.ts';
import { Box, type Typed } from './box.ts';
import { cases, inquires, judging } from './cases.ts';
import { MOST_SKEW } from './calendar.ts';
import { isLocal, skew } from './halltime.ts';
import { alone, forgetAll, Held, Unkept } from './held.ts';
import { Issuers } from './issuer.ts';
import { BoxAway, RemoteBox } from './letter.ts';
import { Brought, fits, Lettered } from './lettered.ts';
import { picture, portrait } from './mask.ts';
import { ownTexts } from './own.ts';
import { type Mail, mailWords, type Me, news, type Page, sent, stand, thread, threads, whom } from './paint.ts';
import { promise } from './promise.ts';
import { type Seat, serve } from './serve.ts';
import { shape } from './shape.ts';
import { canSign } from './signer.ts';
import { spokeAt } from './spoke.ts';
import { Standing } from './standing.ts';
import { quiet, type Sent, type State } from './state.ts';
import { type Act, Away, type Bundle, Garbled, leave, pay, Turned } from './visit.ts';
import type { Parting, World } from './world.ts';

const PATIENCE = 20 * 60_000; // ms without a touch after which waiting posts leave

export class SafeSpace extends KeyElement implements Page {
  protected override readonly steps = ['plain', 'old', 'locked', 'here'];
  #standing!: Standing;
  #held!: Held;
  #root!: Bytes;
  #seat: Seat | null = null;
  #box: Box | null = null;
  private parting: Parting | null = null;
  #timer = 0;
  #skew = 0; // of this device's clock to the hall's, ms
  #away = false; // it has been put away
  #ended = false; // this visit has handed in its letter, though the page is still there
  #showed = false; // the mask has shown itself to the hall in this visit
  #known: ReadonlySet<string> = new Set();
  readonly #pictures = new Map<string, string>(); // of masks, by id

  connectedCallback(): void {
    this.#mind(this.#open());
  }

  face(id: string): Node {
    return portrait(this.#pictures.get(id) ?? id);
  }

  #attr(name: string): string {
    return this.getAttribute(name) ?? '';
  }

  /** The moment by this device's clock; on this machine's own demonstration by the hall's. */
  #now(): number {
    return Date.now() + (isLocal() ? this.#skew : 0);
  }

  async #open(): Promise<void> {
    if (!canHoldKeys() || !('DecompressionStream' in globalThis) || !(await canSign())) return this.show('old', false);
    const roots = await keptRoots();
    const root = await this.#whose(roots);
    if (!root) return this.show('locked', false);
    this.#root = root;
    this.#held = await Held.of(root);
    const safe = this.#attr('safe');
    const issuers = new Issuers(this.#attr('space'), safe);
    const world: World = {
      root, space: this.#attr('space'), lang: document.documentElement.lang, rows: this.#held, alone,
      now: () => this.#now(), spoke: spokeAt,
      issuer: (slot) => (slot.purpose === 'consultation' ? new Issuers(slot.space, safe, undefined, slot.purpose) : issuers).key(slot), pay: (body) => pay(safe, body),
    };
    const box = await this.#letterbox(issuers);
    this.#standing = box ? new Lettered(world, box) : new Standing(world);
    this.show('here', false);
    this.#bind();
    this.#skew = await skew();
    await this.#paint();
    if (!isLocal() && Math.abs(this.#skew) > MOST_SKEW) return this.say('skew');
    await this.#begin(issuers);
  }

  /**
   * Where masks hand in what they say; null where they come themselves. What the page says must be
   * what everybody is told; while that is not known, nothing goes to the hall instead.
   */
  async #letterbox(issuers: Issuers): Promise<RemoteBox | null> {
    const known = this.#attr('letterbox') || (await this.#held.get<State>(`space ${this.#attr('space')}`))?.box;
    if (!known || this.#attr('pace') !== 'careful') return null;
    const at = await issuers.letterbox().catch(() => known);
    return at ? new RemoteBox(at, () => issuers.letterKey()) : null;
  }

  /** The person here, where her mask writes letters. */
  get #lettered(): Lettered | null {
    return this.#standing instanceof Lettered ? this.#standing : null;
  }

  /** The root of whoever has been in this space before; else the only one here. */
  async #whose(roots: Bytes[]): Promise<Bytes | null> {
    for (const r of roots) if (await (await Held.of(r)).get(`space ${this.#attr('space')}`)) return r;
    return roots.length === 1 ? (roots[0] ?? null) : null;
  }

  /** One after the other, each by a line of its own: being served, looking in, registering, renewing. */
  async #begin(issuers: Issuers): Promise<void> {
    const steps = [
      async () => { if (this.hasAttribute('signed-in')) this.#seat = await serve(this.#root, this.#attr('space'), issuers, this.#standing); },
      () => this.#standing.look(), () => this.#standing.register(), () => this.#standing.renew(), () => this.#standing.admit(),
    ];
    let failed: unknown = null;
    for (const step of steps) await step().catch((e: unknown) => { failed ??= e; });
    await this.#paint();
    const refused = await this.#standing.refused();
    if (failed) this.#trouble(failed);
    else if (refused.length) this.tell(refused.join(' '));
  }

  /** Says what went wrong with what is under way. */
  #mind(work: Promise<unknown>): void {
    void work.catch((e: unknown) => this.#trouble(e));
  }

  #trouble(e: unknown): void {
    if (e instanceof Broken) this.say(`refused-${e.message}`);
    else if ((e instanceof Turned || e instanceof Refused) && e.message) this.tell(e.message);
    else if (e instanceof BoxAway || e instanceof Brought) this.say(e instanceof Brought ? 'letter-brought' : 'box-unreached');
    else if (e instanceof Away) this.say('offline');
    else if (e instanceof Unkept) this.say('unkept');
    else this.say(e instanceof Garbled ? 'garbled' : 'failed');
    this.dataset['trouble'] = e instanceof Error ? `${e.name} ${e.message}` : 'unknown';
  }

  #bind(): void {
    for (const [name, wait] of [['take', false], ['sooner', false], ['wait', true]] as const) {
      this.on(name, () => this.#ask(wait));
    }
    this.on('inquire', () => this.#showing(() => this.#standing.inquire()).then(() => this.#paint()));
    this.on('forget', () => this.#forget());
    this.on('read', () => this.#readAll());
    this.on('appeal', async () => {
      const [at, [id = '']] = [this.piece('stand'), await this.#standing.ids()];
      if (at?.parentElement) this.#reason(at.parentElement, 'appeal', id);
    });
    this.piece('judging')?.addEventListener('submit', (e) => this.#mind(this.#judge(e)));
    this.piece('threads')?.addEventListener('click', (e) => this.#mind(this.#press(e)));
    this.piece('sent')?.addEventListener('click', (e) => this.#mind(this.#withSent(e)));
    addEventListener('hashchange', () => void this.#paint());
    addEventListener('pagehide', () => this.#leave());
    addEventListener('pageshow', (e) => e.persisted && this.#mind(this.#comeBack()));
    for (const deed of ['input', 'scroll', 'keydown', 'pointerdown']) addEventListener(deed, () => this.#touch(), { passive: true });
    this.#touch();
    const form = this.querySelector<HTMLFormElement>('form[data-part=write]');
    if (!form) return;
    this.onSubmit('form[data-part=write]', () => this.#post());
    this.#box = new Box(form, {
      sentence: (key, words) => this.sentence(key, words), known: () => this.#known,
      keep: (t) => this.#held.put(this.#draftRow, t), styles: () => this.#styles(),
    });
    void this.#held.get<Typed>(this.#draftRow).then((t) => t && this.#box?.fill(t));
  }

  get #draftRow(): string {
    return `draft ${this.#attr('space')}`;
  }

  async #styles(): Promise<{ mask: string; own: string; others: string[] }> {
    const [{ written }, own] = await Promise.all([this.#standing.state(), ownTexts(this.#root)]);
    return { mask: written, own, others: own ? await background(this.#held, this.#now(), own) : [] };
  }

  async #ask(wait: boolean): Promise<void> {
    await this.#standing.ask(wait);
    await this.#paint();
    this.piece('stand')?.focus(); // the button that was pressed is gone
  }

  /** Does what her mask must come to the hall for. */
  #showing<T>(work: () => Promise<T>): Promise<T> {
    this.#showed = true;
    return work();
  }

  async #post(): Promise<void> {
    const typed = this.#box?.typed();
    if (!typed?.text.trim()) return;
    await this.#standing.post({ ...typed, title: typed.thread ? '' : typed.title, lang: document.documentElement.lang });
    this.#box?.empty();
    await this.#paint();
    this.say('kept');
    this.piece('sent')?.scrollIntoView({ block: 'nearest' });
  }

  /** A button at what nobody else sees yet: it is said though it stands out, or taken back. */
  async #withSent(e: Event): Promise<void> {
    const button = (e.target as Element).closest<HTMLElement>('[data-do]');
    const id = button?.closest<HTMLElement>('[data-id]')?.dataset['id'];
    if (!button || !id) return;
    const waits = (await this.#standing.state()).sent.some((x) => x.id === id && x.state === 'waiting');
    const back = (): Promise<Sent | null> => this.#standing.withdraw(id);
    const p = button.dataset['do'] === 'loud' ? void (await this.#standing.loud(id)) : await (waits ? this.#showing(back) : back()).finally(() => this.#paint());
    if (p && !this.#box?.typed().text.trim()) this.#box?.fill({ title: p.title, text: p.text, thread: p.thread === p.id ? '' : p.thread, reply: p.reply });
    await this.#paint();
    this.#focusText();
  }

  #focusText(): void {
    this.querySelector<HTMLElement>('form[data-part=write] textarea')?.focus();
  }

  /** A button at a post. */
  async #press(e: Event): Promise<void> {
    const button = (e.target as Element).closest<HTMLElement>('[data-act]');
    const at = button?.closest<HTMLElement>('[data-id]');
    const [id, act] = [at?.dataset['id'] ?? '', button?.dataset['act'] ?? ''];
    if (!button || !at) return;
    if (act === 'reply') {
      this.#box?.answer(at.dataset['thread'] ?? '', id);
      return this.#focusText();
    }
    if (act === 'report' || act === 'appeal') return this.#reason(at, act, id);
    await this.#deed({ do: act, id });
    await this.#paint();
    this.querySelector<HTMLElement>(`[id="${id}"] button:not([hidden])`)?.focus(); // painted anew
  }

  /** Does something to a post when the page is put away, and says so. */
  async #deed(a: Act): Promise<void> {
    const after = await this.#standing.deed(a);
    const mail = after ? null : await this.#mail();
    this.tell(`${this.sentence(after ? 'did-held' : `did-${a.do}`)} ${mail ? this.sentence('did-letter', mail.words) : ''}`.trim());
    this.dataset['deeds'] = 'some';
    await this.#pack();
  }

  /** Asks why, below the post. */
  #reason(at: HTMLElement, act: string, id: string): void {
    if (at.querySelector('form')) return;
    const form = shape(this, act) as HTMLFormElement;
    form.addEventListener('submit', (e) => {
      e.preventDefault();
      const values = new FormData(form);
      const kind = String(values.get('kind') ?? '');
      this.#mind(this.#deed({ do: act, id, ...(kind ? { kind } : {}), text: String(values.get('text') ?? '') }).then(() => form.remove()));
    });
    at.append(form);
    form.querySelector<HTMLElement>('select, textarea')?.focus();
  }

  /** A juror's word; it may be changed until it is counted. */
  async #judge(e: Event): Promise<void> {
    e.preventDefault();
    const form = e.target as HTMLFormElement;
    const id = form.closest<HTMLElement>('[data-case]')?.dataset['case'] ?? '';
    const values = new FormData(form);
    await this.#deed({ do: 'judge', id, verdict: String(values.get('verdict') ?? ''), text: String(values.get('text') ?? '').trim() });
    form.remove();
    await this.#paint();
  }

  async #readAll(): Promise<void> {
    const [b, ids] = await Promise.all([this.#standing.bundle(), this.#standing.ids()]);
    if (b) await this.#standing.saw(news(this, b, ids).map(([id]) => id));
    await this.#paint();
  }

  async #forget(): Promise<void> {
    this.parting = null;
    await Promise.all([forgetAll(), forgetRoots()]);
    localStorage.clear();
    this.show('locked');
    this.say('forgotten');
  }

  async #paint(): Promise<void> {
    const [s, b, ids, own] = await Promise.all([this.#standing.state(), this.#standing.bundle(), this.#standing.ids(), this.#standing.picture()]);
    await this.#portray(b);
    if (own) this.#pictures.set(ids[0] ?? '', own);
    if (this.dataset['step'] !== 'here') return;
    const mail = await this.#mail(s);
    const st = stand(s, this.#now(), this.#seat, b, mail);
    const line = this.piece('stand');
    if (line) line.textContent = [st, st.also].map((x) => (x ? this.sentence(x.say, x.words) : '')).join(' ').trim();
    for (const name of ['take', 'wait', 'sooner', 'appeal']) {
      const button = this.querySelector<HTMLElement>(`button[data-do=${name}]`);
      if (button) button.hidden = !st.buttons?.includes(name);
    }
    this.dataset['stand'] = st.say;
    this.dataset['deeds'] = s.deeds.length ? 'some' : 'none';
    for (const e of this.querySelectorAll('[data-part=whom]')) e.replaceChildren(...whom(this, b, s, ids[0] ?? ''));
    const here = { signedIn: this.hasAttribute('signed-in'), masks: b?.space.masks ?? 0, calm: quiet(this.#now(), spokeAt()), mail, showed: this.#showed };
    promise(this, here, s, this.#now());
    this.#fill('sent', sent(this, s, this.#now(), await this.#standing.crowd(s), mail));
    const speaks = s.n >= 0 && s.mask?.state === 'active' && b?.space.state !== 'small' && !this.hasAttribute('closed');
    this.#reveal('inquire', inquires(b, s, ids[0] ?? ''));
    this.#reveal('write', speaks);
    this.#reveal('quiet', s.n >= 0 && b?.space.state === 'small');
    if (b) this.#paintBundle(b, s, { ids, speaks, praised: s.praised });
    await this.#pack();
  }

  /** What is said of the letterbox; null without one. */
  async #mail(s?: State): Promise<Mail | null> {
    const [me, now] = [this.#lettered, s ?? (await this.#standing.state())];
    return me && { words: mailWords(me.box.host, this.#now()), where: (id) => me.where(now, id), fits };
  }

  /** Learns what the pictures of a bundle's masks are drawn from. */
  async #portray(b: Bundle | null): Promise<void> {
    const unknown = b?.masks.filter((m) => !this.#pictures.has(m.id)) ?? [];
    await Promise.all(unknown.map(async (m) => this.#pictures.set(m.id, await picture(decode(m.key) ?? new Uint8Array()))));
  }

  #paintBundle(b: Bundle, s: State, me: Me): void {
    this.#known = common(b);
    this.#fill('replies', news(this, b, me.ids).flatMap(([id, line]) => s.seen.includes(id) ? [] : line));
    const at = location.hash.slice(1);
    const open = b.threads.find((t) => t.id === at || t.posts.some((p) => p.id === at));
    this.#reveal('list', !open);
    this.#fill('rows', open ? [] : threads(this, b));
    this.#reveal('empty', !open && !b.threads.length);
    const place = this.piece('threads');
    const writes = place?.querySelector(`[data-thread="${open?.id}"] form`); // a report, half written
    if (!writes) place?.replaceChildren(...(open ? [thread(this, b, open, me)] : []));
    this.#fill('cases', open ? [] : cases(this, b, me.ids));
    if (!this.piece('judging')?.contains(document.activeElement)) this.#fill('judging', judging(this, b, s)); // not while she writes there
    if (this.#box && (open?.id ?? '') !== this.#box.typed().thread && !this.#box.typed().text.trim()) this.#box.answer(open?.id ?? '', '');
    if (open && at !== open.id) place?.querySelector(`[id="${at}"]`)?.scrollIntoView();
  }

  #fill(part: string, rows: Node[]): void {
    const list = this.piece(part);
    list?.replaceChildren(...rows);
    const around = list?.closest<HTMLElement>('[data-around]');
    if (around) around.hidden = !rows.length;
  }

  #reveal(part: string, shown: boolean): void {
    for (const e of this.querySelectorAll<HTMLElement>(`[data-part="${part}"]`)) e.hidden = !shown;
  }

  /** The page is put away: what waits leaves by a request that outlives it, if the device has been quiet. */
  #leave(): void {
    const how = quiet(this.#now(), spokeAt()) ? 'quiet' : 'spoken';
    const [body, ids] = [this.parting?.[how], this.parting?.ids];
    this.parting = null;
    this.#away = true;
    if (!body) return;
    if (ids) return void this.#lettered?.box.hand(ids[how], body).catch(() => undefined);
    leave(this.#attr('safe'), body);
  }

  /** Gets ready what leaves when the page is put away; nothing more does once it was, whatever is still being painted. */
  async #pack(): Promise<void> {
    const parting = this.#ended ? null : await this.#standing.parting();
    this.parting = this.#away ? null : parting;
  }

  /** Somebody came back to a page that the browser had kept: it can be put away once more. */
  async #comeBack(): Promise<void> {
    this.#away = false;
    await this.#paint();
  }

  #touch(): void {
    clearTimeout(this.#timer);
    if (this.#ended) { // another visit begins, and ends with a letter of its own
      this.#ended = false;
      this.#mind(this.#pack());
    }
    this.#timer = window.setTimeout(() => this.#mind(this.#rest()), PATIENCE);
  }

  /** The visit has ended though the page is still there. */
  async #rest(): Promise<void> {
    try {
      await this.#standing.rest();
      this.#ended = !!this.#lettered;
      await this.#standing.register();
    } finally {
      await this.#paint();
    }
  }
}

/** Words in capitals that at least two masks have used: names everybody here knows. */
function common(b: Bundle): ReadonlySet<string> {
  const by = new Map<string, Set<string>>();
  for (const p of b.threads.flatMap((t) => t.posts)) {
    for (const w of p.html.replace(/<[^>]*>/g, ' ').match(/\p{Lu}\p{L}+/gu) ?? []) {
      const word = w.toLowerCase();
      by.set(word, (by.get(word) ?? new Set()).add(p.mask));
    }
  }
  return new Set([...by].filter(([, masks]) => masks.size > 1).map(([w]) => w));
}
