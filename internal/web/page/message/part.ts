// Parts of a page, by their names.

export const part = <T extends HTMLElement>(of: ParentNode, name: string): T | null => of.querySelector<T>(`[data-part="${name}"]`);

/** A copy of a template of the page. */
export function copy(of: HTMLElement, name: string): HTMLElement {
  const t = of.querySelector<HTMLTemplateElement>(`template[data-part="${name}"]`);
  const c = t?.content.firstElementChild?.cloneNode(true);
  if (!(c instanceof HTMLElement)) throw new Error(`no template ${name}`);
  return c;
}
