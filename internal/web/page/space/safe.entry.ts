// The script of safe spaces' pages. Whoever has no key on this device needs to be
// told only that; the program comes for the others.
import { keptRoots } from '../account/device.ts';
import { canHoldKeys, define } from '../account/element.ts';
import { unveil } from '../account/unveil.ts';

unveil(document); // before the element looks for its parts

void begin();

async function begin(): Promise<void> {
  const roots = canHoldKeys() ? await keptRoots().catch(() => null) : null;
  if (roots?.length === 0) return locked();
  const { SafeSpace } = await import('./room.ts');
  define('safe-space', SafeSpace);
}

function locked(): void {
  for (const e of document.querySelectorAll<HTMLElement>('safe-space > [data-part]')) {
    e.hidden = !['locked', 'message'].includes(e.dataset['part'] ?? '');
  }
  document.querySelector('safe-space')?.setAttribute('data-step', 'locked');
}
