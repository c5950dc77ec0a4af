// Markup comes from the hall in <template data-shape="…">; here it is filled.

type Filling = string | Node | null | undefined;

/** A copy of a shape with its slots filled; a slot that gets null goes. */
export function shape(within: Element, name: string, slots: Record<string, Filling> = {}): HTMLElement {
  const t = within.querySelector<HTMLTemplateElement>(`template[data-shape="${name}"]`);
  const e = (t?.content.firstElementChild?.cloneNode(true) ?? document.createElement('div')) as HTMLElement;
  for (const [slot, filling] of Object.entries(slots)) {
    const inside = [...e.querySelectorAll<HTMLElement>(`[data-slot="${slot}"]`)];
    for (const at of e.dataset['slot'] === slot ? [e, ...inside] : inside) { // the shape's own element may be a slot
      if (filling === null || filling === undefined) at.remove();
      else at.replaceChildren(filling);
    }
  }
  return e;
}

/** An element that says something, which runs in whatever direction that does. */
export function saying<T extends keyof HTMLElementTagNameMap>(tag: T, text: string, more: object = {}): HTMLElementTagNameMap[T] {
  return Object.assign(document.createElement(tag), { dir: 'auto', textContent: text, ...more });
}

function written(t: number, how: Intl.DateTimeFormatOptions): string {
  const lang = document.documentElement.lang;
  return new Intl.DateTimeFormat(lang.startsWith('ar') ? `${lang}-u-nu-latn` : lang, how).format(t);
}

/** Days are shown as dates in the reader's language, by the hall's calendar. */
export const date = (day: number): string => written(day * 86_400_000, { dateStyle: 'long', timeZone: 'UTC' });

/** A moment, in the reader's own zone. */
export const moment = (t: number): string => written(t, { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' });
