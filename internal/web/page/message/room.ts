// Rooms: where one begins, and the part of a conversation that says who is in it.
import type { Desk } from './desk.ts';
import { copy, DeskElement, part } from './element.ts';
import * as hall from './hall.ts';
import type { Talk } from './shelf.ts';

/** <message-room>: where a room begins, of people one is connected with. */
export class MessageRoom extends DeskElement {
  protected override async opened(): Promise<void> {
    const people = await hall.known();
    this.piece('choices')?.replaceChildren(...people.map((k) => this.choice(k)));
    const none = this.piece('nobody');
    if (none) none.hidden = people.length > 0;
    const form = this.piece('form');
    if (form) form.hidden = people.length === 0;
    this.onSubmit('[data-part=form]', () => this.make());
  }

  protected override async worked(): Promise<void> {}

  private choice(k: hall.Known): HTMLElement {
    const row = copy(this, 'choice');
    const [box, label] = [row.querySelector('input'), row.querySelector('label')];
    if (box && label) {
      box.value = k.face;
      box.id = label.htmlFor = `with-${k.face}`;
      label.textContent = k.name;
    }
    return row;
  }

  private async make(): Promise<void> {
    const name = (this.piece('name') as HTMLInputElement).value.trim();
    const faces = [...this.querySelectorAll<HTMLInputElement>('[data-part=choices] input:checked')].map((i) => i.value);
    if (!name) return this.piece('name')?.focus();
    if (faces.length === 0) return this.say('choose');
    try {
      const r = await this.desk?.makeRoom(name, faces);
      if (!r) return;
      if (r.missing.length > 0) sessionStorage.setItem(NOT_IN + r.id, JSON.stringify(r.missing)); // the room's own page says so
      location.assign(`/messages/${r.id}`);
    } catch (e) {
      this.troubled(e);
    }
  }
}

const NOT_IN = 'not-in/'; // who could not be brought in as the room began, until its page has said so

type Deed = (what: (desk: Desk, id: string) => Promise<unknown>) => Promise<void>;

/** The part of a conversation in which one sees who is in a room, brings others in, and goes out. */
export class RoomPart {
  private drawn = '';

  constructor(private readonly page: DeskElement, private readonly act: Deed) {}

  listen(): void {
    const { page } = this;
    const people = part<HTMLDetailsElement>(page, 'people');
    people?.addEventListener('toggle', () => void this.offer());
    const key = NOT_IN + (page.getAttribute('group') ?? '');
    const left = sessionStorage.getItem(key);
    if (left && people) {
      sessionStorage.removeItem(key);
      people.open = true;
      this.missing(JSON.parse(left) as string[]);
    }
    const bound = (form: string, work: () => Promise<void>): void => {
      part<HTMLFormElement>(page, form)?.addEventListener('submit', (e) => {
        e.preventDefault();
        void work();
      });
    };
    bound('bring', async () => {
      const face = part<HTMLSelectElement>(page, 'whom')?.value;
      if (face) await this.act((d, id) => d.bring(id, [face]).then((missing) => this.missing(missing)));
    });
    bound('rename', async () => {
      const name = part<HTMLInputElement>(page, 'name')?.value.trim();
      if (name) await this.act((d, id) => d.say({ group: id, handle: '' }, { id: hall.draws(), at: Date.now(), t: 'name', name }));
    });
    for (const form of ['goout', 'decline']) bound(form, () => this.act((d, id) => d.goOut(id)));
    bound('comein', () => this.act((d, id) => d.comeIn(id)));
    part(page, 'members')?.addEventListener('click', (e) => {
      const face = e.target instanceof HTMLButtonElement ? e.target.value : '';
      if (face) void this.act((d, id) => d.takeOut(id, face));
    });
  }

  private missing(names: string[]): void {
    const p = part(this.page, 'missing');
    if (p) p.textContent = names.length > 0 ? this.page.sentence('missing', { who: names.join(', ') }) : '';
  }

  private inside: string[] = [];

  /** Whom one could bring in. */
  private async offer(): Promise<void> {
    if (!part<HTMLDetailsElement>(this.page, 'people')?.open) return;
    const list = (await hall.known().catch(() => [])).filter((k) => !this.inside.includes(k.face));
    part(this.page, 'whom')?.replaceChildren(...list.map((k) => new Option(k.name, k.face)));
    const form = part(this.page, 'bring');
    if (form) form.hidden = list.length === 0;
  }

  /** Whoever has left and was brought in again is asked first. */
  private async asks(desk: Desk | null, talk: Talk | undefined): Promise<void> {
    const box = part(this.page, 'asked');
    if (!box) return;
    box.hidden = !talk?.asked || talk.out;
    const who = part(box, 'asked-who');
    if (!who || box.hidden || !desk || !talk) return;
    const others = (await desk.people(talk.id)).filter((k) => k.face !== desk.face);
    who.textContent = others.map((k) => k.name || this.page.sentence('somebody')).join(', ');
  }

  async draw(desk: Desk | null, talk: Talk | undefined): Promise<void> {
    const box = part(this.page, 'people');
    await this.asks(desk, talk);
    const room = talk?.out || talk?.asked ? undefined : talk?.room;
    if (box) box.hidden = !room;
    const safety = part(this.page, 'safety-what');
    if (safety && room) safety.textContent = this.page.sentence('safety_room');
    if (!desk || !talk || !room) return;
    const people = await desk.people(talk.id);
    const drawn = JSON.stringify([people, room]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.inside = people.map((k) => k.face);
    const mayTakeOut = room.keeper === '' || room.keeper === desk.face;
    part(this.page, 'members')?.replaceChildren(...people.map((k) => {
      const row = copy(this.page, 'member');
      const way = part<HTMLAnchorElement>(row, 'way');
      if (way) {
        way.textContent = k.name || this.page.sentence('somebody');
        if (k.handle) way.href = `/people/${k.handle}`;
      }
      const role = part(row, 'role');
      if (role) role.hidden = k.face !== room.keeper;
      const out = row.querySelector('button');
      if (!mayTakeOut || k.face === desk.face) out?.remove();
      else if (out) {
        out.value = k.face;
        out.setAttribute('aria-label', this.page.sentence('take_out_whom', { name: k.name }));
      }
      return row;
    }));
    const count = part(this.page, 'count');
    if (count) count.textContent = String(people.length);
    const name = part<HTMLInputElement>(this.page, 'name');
    if (name && document.activeElement !== name) name.value = room.name;
    await this.offer();
  }
}
