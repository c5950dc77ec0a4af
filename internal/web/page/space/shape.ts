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

/** Days are shown as dates in the reader's language, by the hall's calendar. */
export function date(day: number): string {
  const lang = document.documentElement.lang;
  return new Intl.DateTimeFormat(lang.startsWith('ar') ? `${lang}-u-nu-latn` : lang, { dateStyle: 'long', timeZone: 'UTC' }).format(day * 86_400_000);
}

/** A moment, in the reader's own zone. */
export function moment(t: number): string {
  const lang = document.documentElement.lang;
  return new Intl.DateTimeFormat(lang.startsWith('ar') ? `${lang}-u-nu-latn` : lang, { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' }).format(t);
}
