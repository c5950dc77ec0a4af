// <since-here discussion last href label seam>ol.talk</since-here>
//
// Remembers on this device how far one has read a discussion, says how many
// posts are new since, leads to the first and marks them. The hall is told
// nothing.

const most = 500; // discussions remembered

class SinceHere extends HTMLElement {
  #id = "";
  #seen = 0;

  connectedCallback(): void {
    this.#id = this.getAttribute("discussion") ?? "";
    const before = read()[this.#id];
    const last = Number(this.getAttribute("last"));
    if (before !== undefined && last > before) this.#mark(before, last);
    this.#seen = before ?? 0;
    this.#watch();
  }

  #posts(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>(".post[data-seq]")];
  }

  #mark(before: number, last: number): void {
    const me = document.querySelector(".me .name")?.textContent;
    const since = this.#posts().filter((p) => seq(p) > before);
    const fresh = since.filter((p) => p.dataset["name"] !== me);
    const others = last - before - (since.length - fresh.length); // what she wrote herself is not new to her
    if (!others) return;
    const first = fresh[0];
    const earliest = this.#posts()[0];
    const here = first && earliest && (first !== earliest || seq(first) === before + 1);
    const lead = this.#lead(others, here ? "#" + first.id : this.#address(before + 1));
    for (const p of fresh) p.classList.add("fresh");
    if (!here) return;
    (first.closest("li") ?? first).dataset["seam"] = this.getAttribute("seam") ?? "";
    whenSeen(first, () => lead.remove());
  }

  #address(n: number): string {
    return (this.getAttribute("href") ?? "").replace("{seq}", String(n));
  }

  // The way to the first new post floats, and the line above that post is drawn
  // in a gap that is there already: nothing the reader looks at moves.
  #lead(count: number, href: string): HTMLElement {
    const p = document.createElement("p");
    p.className = "since";
    const badge = document.createElement("span");
    badge.className = "badge new";
    badge.textContent = String(count);
    const a = document.createElement("a");
    a.href = href;
    a.textContent = this.getAttribute("label");
    p.append(badge, a);
    this.prepend(p);
    return p;
  }

  #watch(): void {
    for (const p of this.#posts()) {
      whenSeen(p, () => {
        if (seq(p) <= this.#seen) return;
        this.#seen = seq(p);
        write(this.#id, this.#seen);
      });
    }
  }
}

// whenSeen calls back once, as soon as the head of a post is on the screen.
function whenSeen(post: HTMLElement, act: () => void): void {
  const eye = new IntersectionObserver((entries) => {
    if (!entries.some((e) => e.isIntersecting)) return;
    eye.disconnect();
    act();
  });
  eye.observe(post.querySelector(".byline") ?? post);
}

const seq = (post: HTMLElement): number => Number(post.dataset["seq"]);

function read(): Record<string, number> {
  try {
    return JSON.parse(localStorage.getItem("seen") ?? "{}") as Record<string, number>;
  } catch {
    return {};
  }
}

function write(id: string, n: number): void {
  const { [id]: _, ...others } = read();
  const kept = Object.entries(others).slice(1 - most);
  try {
    localStorage.setItem("seen", JSON.stringify(Object.fromEntries([...kept, [id, n]])));
  } catch {
    // Storage is full or switched off: one simply is not reminded.
  }
}

customElements.define("since-here", SinceHere);
