// <kept-pages none="…">: on the offline page, what this device has kept, by title.

class KeptPages extends HTMLElement {
  connectedCallback(): void {
    void this.#list();
  }

  async #list(): Promise<void> {
    if (!("caches" in window)) return;
    const cache = await caches.open("pages");
    const rows = await Promise.all([...(await cache.keys())].reverse().map((ask) => row(cache, ask)));
    const list = document.createElement("ul");
    list.className = "brief";
    list.append(...rows.filter((r) => r !== null));
    if (list.childElementCount) this.replaceChildren(list);
    else this.textContent = this.getAttribute("none");
  }
}

async function row(cache: Cache, ask: Request): Promise<HTMLLIElement | null> {
  const page = await cache.match(ask);
  if (!page) return null;
  const doc = new DOMParser().parseFromString(await page.text(), "text/html");
  const li = document.createElement("li");
  const a = document.createElement("a");
  const url = new URL(ask.url);
  a.href = url.pathname + url.search;
  a.textContent = doc.title || url.pathname;
  a.lang = doc.documentElement.lang;
  li.append(a);
  return li;
}

customElements.define("kept-pages", KeptPages);
