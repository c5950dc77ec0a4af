// The form with which one message is shown to the stewards: it, who wrote it, and nothing else.
import type { Shown } from './content.ts';
import { copy, part } from './element.ts';
import * as hall from './hall.ts';
import { spoken } from './said.ts';

interface Owner extends HTMLElement {
  sentence(key: string): string;
}

/** Opens the form below a message, or leads to the one that is open: what is typed there stays. */
export function report(of: Owner, li: HTMLElement, s: Shown): void {
  const open = part(li, 'report');
  if (open) return part(open, 'cause')?.focus();
  const { spoken: words } = s;
  if (!words) return;
  const form = copy(of, 'report') as HTMLFormElement;
  const said = part(form, 'report-said');
  const cause = part<HTMLSelectElement>(form, 'cause');
  const complaint = part<HTMLTextAreaElement>(form, 'complaint');
  const button = form.querySelector('button');
  form.addEventListener('submit', (e) => {
    e.preventDefault();
    if (button?.getAttribute('aria-disabled') === 'true') return;
    button?.setAttribute('aria-disabled', 'true');
    const tell = (text: string): void => {
      if (said) said.textContent = text;
      button?.removeAttribute('aria-disabled');
    };
    spoken(words)
      .then((w) => hall.report(s.from, w, cause?.value ?? '', complaint?.value ?? ''))
      .then(() => {
        form.replaceChildren(...(said ? [said] : []));
        tell(of.sentence('reported'));
      })
      .catch((x: unknown) => tell(x instanceof hall.Refusal ? x.message : of.sentence('file_offline')));
  });
  li.append(form);
  cause?.focus();
}
