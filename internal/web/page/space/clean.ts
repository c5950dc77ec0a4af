// Posts come as HTML that the hall made safe. Here only plain words and their
// order are taken of it: a picture or a style would be fetched from the hall with
// its cookies, and tell it who reads.

const KEPT = new Set('P BR EM STRONG DEL UL OL LI BLOCKQUOTE CODE PRE H2 H3 H4 H5 H6 HR A TABLE THEAD TBODY TR TH TD'.split(' '));
const DROPPED = new Set('SCRIPT STYLE TEMPLATE IFRAME OBJECT SVG MATH IMG PICTURE VIDEO AUDIO LINK META FORM INPUT BUTTON TEXTAREA SELECT'.split(' '));

/** The words of a post as nodes of this page. */
export function clean(html: string): DocumentFragment {
  const out = document.createDocumentFragment();
  copy(new DOMParser().parseFromString(html, 'text/html').body, out, 0);
  return out;
}

function copy(from: Node, to: Node, depth: number): void {
  for (const n of from.childNodes) {
    if (n instanceof Text) to.appendChild(document.createTextNode(n.data));
    if (!(n instanceof Element) || DROPPED.has(n.tagName.toUpperCase()) || depth > 60) continue;
    if (!KEPT.has(n.tagName)) {
      copy(n, to, depth + 1);
      continue;
    }
    const e = document.createElement(n.tagName);
    const href = n.getAttribute('href') ?? '';
    if (e instanceof HTMLAnchorElement && /^https?:\/\//i.test(href)) {
      e.href = href;
      e.rel = 'noreferrer noopener nofollow';
      e.target = '_blank';
    }
    to.appendChild(e);
    copy(n, e, depth + 1);
  }
}
