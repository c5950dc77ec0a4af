// Draws an address as a picture that a telephone reads. Nothing of it leaves the browser.
import { encode } from 'uqr';

const SVG = 'http://www.w3.org/2000/svg';

/** The dark and light squares, with the rim that telephones want. */
export const squares = (text: string): { data: boolean[][]; size: number } => encode(text, { ecc: 'M', border: 4 });

/** Draws into an svg element: dark on light, whatever the colours of the page. */
export function draw(into: Element, text: string): void {
  const { data, size } = squares(text);
  const part = (name: string, attributes: Record<string, string>): Element => {
    const e = document.createElementNS(SVG, name);
    for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
    return e;
  };
  const dark = data.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : [])));
  into.setAttribute('viewBox', `0 0 ${size} ${size}`);
  into.replaceChildren(part('rect', { width: String(size), height: String(size), fill: '#fff' }), part('path', { d: dark.join(''), fill: '#000' }));
}
