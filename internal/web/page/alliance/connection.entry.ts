// <connection-note>: what the reader notes for herself about a connection.
import { keptRoots } from '../account/device.ts';
import { canHoldKeys, define, KeyElement } from '../account/element.ts';
import { markSpoken } from '../space/spoke.ts';
import { open, seal } from './note.ts';

class ConnectionNote extends KeyElement {
  protected override readonly steps = ['open', 'locked', 'foreign'];

  connectedCallback(): void {
    void this.begin().catch(() => this.show('locked', false));
  }

  private async begin(): Promise<void> {
    const roots = canHoldKeys() ? await keptRoots() : [];
    const root = roots[0];
    if (!root || roots.length > 1) return this.show('locked', false); // whose key it would be cannot be said
    const other = this.getAttribute('about') ?? '';
    const text = await open(root, other, this.getAttribute('sealed') ?? '');
    const box = this.querySelector('textarea');
    if (text === null || !box) return this.show('foreign', false);
    box.value = text;
    this.onSubmit('form', async () => {
      const sealed = await seal(root, other, box.value);
      if (sealed === null) return this.say('long');
      const r = await fetch(this.getAttribute('to') ?? '', { method: 'POST', body: new URLSearchParams({ sealed }) }).catch(() => null);
      if (r?.ok) markSpoken(); // a nightly copy of the files dates it
      return this.say(r === null ? 'offline' : r.ok ? 'saved' : 'failed');
    });
    this.show('open', false);
  }
}

define('connection-note', ConnectionNote);
