// The fingerprint of a key, behind # in an address for bookings, goes along from page to page.
// Browsers send it to nobody, so that the hall cannot put another in its place.
export {};

if (/^#[\w-]{22}$/.test(location.hash)) {
  for (const e of document.querySelectorAll('a[href], form[action]')) {
    const name = e instanceof HTMLFormElement ? 'action' : 'href';
    const to = new URL(e.getAttribute(name) ?? '', location.href);
    if (to.hash || to.origin !== location.origin || !/^\/(booking\/|people\/[^/]+\/booking)/.test(to.pathname)) continue;
    e.setAttribute(name, to.pathname + to.search + location.hash);
  }
}
