// Whoever calls, and meetings that begin, on whatever page is open: shown on each, heard from one.
import { ringtone } from './tone.ts';

interface Ring {
  id: string;
  text: string;
  answer: string;
  decline: string;
  later: string;
  quiet?: boolean; // in the quiet hours of whoever is called, or of a meeting after a while
  href?: string; // of a meeting that begins: where it stands
}

const LOOK = 5000; // ms between two looks while it rings: the line may be cut

let shown: HTMLElement | null = null;
let quiet: (() => void) | null = null;
let timer = 0;

/** The sort of this device, as its owner calls it. */
export const device = (): string => (matchMedia('(pointer: coarse)').matches ? 'phone' : 'computer');

/** Says that this page rings. */
function says(id: string): void {
  void fetch(`/calls/${id}/rings`, { method: 'POST', body: JSON.stringify({ device: device() }), headers: { 'Content-Type': 'application/json' } }).catch(() => undefined);
}

/** Ends a call: declines, or hangs up. */
export function end(id: string, later = false): Promise<unknown> {
  return fetch(`/calls/${id}/end`, { method: 'POST', body: new URLSearchParams(later ? { later: '1' } : {}), redirect: 'manual' }).catch(() => undefined);
}

/** Browsers let only a page that was touched shake a phone; others are told so with an error. */
function shaken(how: number | number[]): void {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(how);
}

/** Rings, and says so. In quiet hours it is only shown: nobody is told that it rings, and the settings promise silence. */
export function rings(id: string, still: boolean): (() => void) | null {
  if (still) return null;
  says(id);
  return sound();
}

/** Sounds on one page of this browser, and shakes a phone. */
function sound(): () => void {
  let stop = (): void => undefined;
  let over = false;
  void navigator.locks.request('guildhall-ring', { ifAvailable: true }, (lock) => {
    if (!lock || over) return undefined;
    const silence = ringtone();
    const shake = window.setInterval(() => shaken([400, 200, 400]), 2000);
    return new Promise<void>((resolve) => {
      stop = () => {
        silence();
        clearInterval(shake);
        shaken(0);
        resolve();
      };
    });
  });
  return () => {
    over = true;
    stop();
  };
}

/** Shows what rings; nothing, when nothing does. */
export function show(list: Ring[]): void {
  const [r] = list;
  if (r && shown?.dataset['call'] === r.id) {
    if (r.quiet) quiet?.();
    return;
  }
  shown?.remove();
  quiet?.();
  clearInterval(timer);
  shown = quiet = null;
  if (!r) return;
  shown = toast(r);
  document.body.append(shown);
  quiet = r.href && !r.quiet ? sound() : rings(r.id, r.quiet === true || r.href !== undefined);
  timer = window.setInterval(() => void look(), LOOK);
}

/** Looks what rings. Too much asked, or trouble of the hall, ends nothing; who is signed in no more has nothing that rings. */
async function look(): Promise<void> {
  const list = await fetch('/calls/ringing', { cache: 'no-store' }).then((a) => (a.ok ? (a.json() as Promise<Ring[]>) : a.status === 401 ? [] : null)).catch(() => null);
  if (list) show(list);
}

/** Puts a meeting that begins away; it is sent though the page goes. */
function away(id: string): Promise<unknown> {
  return fetch(`/bookings/${id}/seen`, { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' }, keepalive: true }).catch(() => undefined);
}

function toast(r: Ring): HTMLElement {
  const box = document.createElement('div');
  box.className = 'toast rings';
  box.role = 'alertdialog';
  box.dataset['call'] = r.id;
  const text = document.createElement('p');
  text.id = 'rings-who';
  text.textContent = r.text;
  box.setAttribute('aria-labelledby', text.id);
  const acts = document.createElement('p');
  acts.className = 'acts';
  const answer = document.createElement('a');
  answer.className = 'button';
  answer.textContent = r.answer;
  if (r.href) {
    answer.href = r.href;
    answer.addEventListener('click', () => void away(r.id).then(look));
    acts.append(answer, button(r.decline, () => away(r.id)));
  } else {
    answer.href = `/calls/${r.id}`;
    answer.addEventListener('click', () => sessionStorage.setItem(`answer/${r.id}`, 'yes'));
    acts.append(answer, button(r.decline, () => end(r.id)), button(r.later, () => end(r.id, true)));
  }
  box.append(text, acts);
  return box;
}

/** Whether Answer was pressed in this window: an address alone, which anybody may give her, opens no microphone. */
export function pressed(call: string): boolean {
  const yes = sessionStorage.getItem(`answer/${call}`) !== null;
  sessionStorage.removeItem(`answer/${call}`);
  return yes;
}

function button(text: string, work: () => Promise<unknown>): HTMLButtonElement {
  const b = document.createElement('button');
  b.type = 'button';
  b.className = 'quiet';
  b.textContent = text;
  b.addEventListener('click', () => void work().then(look));
  return b;
}
