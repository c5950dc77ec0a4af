// <message-list>: the conversations that this device holds.
import { view } from './content.ts';
import { copy, DeskElement, part } from './element.ts';

export class MessageList extends DeskElement {
  protected override readonly light = true;

  protected override async opened(): Promise<void> {
    this.on('leave', () => this.leave());
    const reads = this.piece('reads') as HTMLInputElement | null;
    if (reads) {
      reads.checked = (await this.shelf?.readMarks()) ?? false;
      reads.addEventListener('change', () => void this.shelf?.allowReadMarks(reads.checked));
    }
    await this.render();
  }

  protected override async worked(changed: Set<string>): Promise<void> {
    if (changed.size > 0) await this.render();
  }

  private async leave(): Promise<void> {
    await (await this.sit()).leave();
    this.disconnectedCallback();
    this.show('closed', false);
    this.say('left');
  }

  private async render(): Promise<void> {
    const rows: { at: number; row: HTMLElement }[] = [];
    for (const t of (await this.shelf?.talks()) ?? []) {
      if (t.epoch === 0 || t.into) continue; // it is only being begun, or is shown with another
      const shown = view((await this.shelf?.lines(t.id)) ?? []).shown.filter((s) => s.kind === 'text');
      const last = shown.at(-1);
      const row = copy(this, 'talk');
      const way = part<HTMLAnchorElement>(row, 'way');
      if (way) way.href = `/messages/${t.id}`;
      const name = part(row, 'name');
      if (name) name.textContent = t.room ? t.room.name || this.sentence('room') : t.with.name;
      const said = part(row, 'last');
      if (said) said.textContent = last ? (last.text || (last.file?.name ?? '')).slice(0, 80) : '';
      const fresh = part(row, 'fresh');
      if (fresh) fresh.hidden = !shown.some((s) => s.n > t.seen && s.from !== this.shelf?.face);
      rows.push({ at: last?.at ?? 0, row });
    }
    rows.sort((a, b) => b.at - a.at);
    this.piece('talks')?.replaceChildren(...rows.map((r) => r.row));
    const none = this.piece('none');
    if (none) none.hidden = rows.length > 0;
  }
}
