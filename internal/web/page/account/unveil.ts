// What only scripts can use lies in comments (trusted.ForScripts), so that text
// browsers do not show it. The hall rendered it; here it becomes part of the page.

const mark = 'for scripts';

export function unveil(root: Document): void {
  const walker = root.createTreeWalker(root.body, NodeFilter.SHOW_COMMENT);
  const found: Comment[] = [];
  while (walker.nextNode()) {
    const c = walker.currentNode as Comment;
    if (c.data.startsWith(mark)) found.push(c);
  }
  for (const c of found) {
    const t = root.createElement('template');
    t.innerHTML = c.data.slice(mark.length);
    c.replaceWith(t.content);
  }
}
