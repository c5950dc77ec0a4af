// The part of a conversation of two in which they lift their masks to each other. Fetched when
// it is opened, or when one of them has proposed it.
import { decode, encode } from '../account/bytes.ts';
import { Held } from '../space/held.ts';
import { picture, portrait } from '../space/mask.ts';
import type { State } from '../space/state.ts';
import type { Bundle } from '../space/visit.ts';
import type { Line } from './content.ts';
import type { Desk } from './desk.ts';
import { type DeskElement, part } from './element.ts';
import { draws } from './hall.ts';
import { latest, type Lift, type LiftDeed, seen, show, stand, type Stand, vow } from './lift.ts';
import type { Talk } from './shelf.ts';

/** A deed without what each has. */
type Said = LiftDeed extends infer D ? (D extends LiftDeed ? Omit<D, 'id' | 'at'> : never) : never;

export class Lifting {
  private stands: Stand | '' = '';
  private now: Lift | null = null;
  private masks: Record<string, number> = {}; // the number of hers that speaks, by space
  private working = false;
  private talk: Talk | undefined;

  constructor(private readonly page: DeskElement, private readonly desk: Desk, private readonly say: (d: LiftDeed) => Promise<void>) {
    const bound = (form: string, work: () => Promise<void>): void => {
      part<HTMLFormElement>(page, form)?.addEventListener('submit', (e) => {
        e.preventDefault();
        void work();
      });
    };
    bound('lift-ask', () => this.propose());
    bound('lift-yes', async () => {
      if (this.now) await this.vows(this.now);
    });
    for (const form of ['lift-no', 'lift-stop']) bound(form, async () => {
      if (this.now) await this.deed({ t: 'unlift', lift: this.now.lift });
    });
    bound('lift-forget', async () => {
      if (this.now) await this.desk.forgetLifts(this.now.talk);
      page.dispatchEvent(new Event('forgotten'));
    });
  }

  private deed(d: Said): Promise<void> {
    return this.say({ ...d, id: draws(), at: Date.now() });
  }

  private async propose(): Promise<void> {
    const space = part<HTMLSelectElement>(this.page, 'lift-space')?.value;
    if (!space || !this.talk) return;
    await this.vows({ talk: this.talk.id, lift: draws(), space, me: this.desk.face, other: this.talk.with.face });
  }

  private async vows(b: Pick<Lift, 'talk' | 'lift' | 'space' | 'me' | 'other'>): Promise<void> {
    const n = this.masks[b.space];
    if (n !== undefined) await this.deed({ t: 'lift', lift: b.lift, space: b.space, ...(await vow(this.desk.secret, b, n)) });
  }

  /** Shows where it stands; what was agreed goes on by itself. */
  async draw(talk: Talk, lines: Line[]): Promise<void> {
    if (this.working) return;
    this.working = true;
    try {
      this.talk = talk;
      this.now = latest(lines, talk.id, this.desk.face, talk.with.face);
      const theirs = this.now && (await seen(this.desk.secret, this.now));
      const is = stand(this.now, theirs);
      await this.mine();
      const shown = is === 'show' && this.now ? await show(this.desk.secret, this.now, this.masks[this.now.space] ?? -1) : null;
      if (shown) return await this.deed({ t: 'lifted', lift: this.now?.lift ?? '', ...shown });
      await this.paint(is === 'show' ? 'awaits' : is, theirs);
    } finally {
      this.working = false;
    }
  }

  /** Which masks of hers speak, as far as this device knows. */
  private async mine(): Promise<void> {
    const rows = await Held.of(this.desk.secret);
    this.masks = {};
    for (const o of this.spaces()) {
      const s = await rows.get<State>(`space ${o.value}`).catch(() => null);
      if (s?.mask && s.n >= 0) this.masks[o.value] = s.n;
    }
  }

  private spaces(): HTMLOptionElement[] {
    return [...(part<HTMLSelectElement>(this.page, 'lift-space')?.options ?? [])];
  }

  private async paint(is: Stand, theirs: Uint8Array | null): Promise<void> {
    for (const o of this.spaces()) o.hidden = o.disabled = !(o.value in this.masks);
    const pick = part<HTMLSelectElement>(this.page, 'lift-space');
    if (pick && pick.selectedOptions[0]?.disabled !== false) pick.value = Object.keys(this.masks)[0] ?? '';
    const any = Object.keys(this.masks).length > 0;
    const ends = is === 'none' || is === 'over' || is === 'false' || is === 'both';
    const has = !!this.now && this.now.space in this.masks;
    const open: Record<string, boolean> = {
      'lift-ask': ends && any, 'lift-none': ends && !any, 'lift-yes': is === 'asked' && has, 'lift-no': is === 'asked', 'lift-stop': is === 'proposed', 'lift-forget': is === 'both',
    };
    for (const [name, yes] of Object.entries(open)) {
      const p = part(this.page, name);
      if (p) p.hidden = !yes;
    }
    if (is === this.stands) return;
    this.stands = is;
    const said = part(this.page, 'lift-said');
    const face = part(this.page, 'lift-face');
    face?.replaceChildren();
    const space = this.spaces().find((o) => o.value === this.now?.space)?.text ?? '';
    const names = { name: this.talk?.with.name ?? '', space };
    if (said && is !== 'both') said.textContent = is === 'none' ? '' : this.page.sentence(`lift_${is === 'asked' && !has ? 'nomask' : is}`, names);
    if (is !== 'both' || !theirs || !said || !this.now) return;
    const rows = await Held.of(this.desk.secret);
    const key = encode(theirs);
    const mask = (await rows.get<Bundle>(`bundle ${this.now.space}`).catch(() => null))?.masks.find((m) => m.key === key)?.name;
    said.textContent = this.page.sentence(mask ? 'lift_both' : 'lift_unknown', { ...names, mask: mask ?? '' });
    if (mask) face?.replaceChildren(portrait(await picture(decode(key) ?? new Uint8Array())));
  }
}
