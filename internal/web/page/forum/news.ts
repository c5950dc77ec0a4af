// <news-bell><a class="bell" …></a></news-bell>
// <news-told label>ul.shelf > li[data-mark]</news-told>
//
// Which lines of news their reader has seen, this device alone knows: the hall gives
// the marks of all, and is told nothing.

const pause = 5 * 60_000; // ms between two looks of one tab

function seen(): Set<string> {
  try {
    return new Set(JSON.parse(localStorage.getItem("news") ?? "[]") as string[]);
  } catch {
    return new Set();
  }
}

function keep(place: Storage, key: string, value: string): void {
  try {
    place.setItem(key, value);
  } catch {
    // Storage is full or switched off: what is new is said again.
  }
}

// Told marks the lines that are new here, and takes them for seen.
class Told extends HTMLElement {
  connectedCallback(): void {
    const before = seen();
    const rows = [...this.querySelectorAll<HTMLElement>("li[data-mark]")];
    const marks = rows.map((r) => r.dataset["mark"] ?? "");
    rows.forEach((row, i) => {
      if (before.has(marks[i] ?? "")) return;
      const badge = document.createElement("span");
      badge.className = "badge new";
      badge.textContent = this.getAttribute("label");
      row.querySelector(".meta")?.prepend(badge, " ");
    });
    keep(localStorage, "news", JSON.stringify(marks));
    sessionStorage.removeItem("bell");
  }
}

// Bell says how many lines there are that this device has not shown.
class Bell extends HTMLElement {
  connectedCallback(): void {
    if (document.querySelector("news-told")) return;
    const [at, count] = (sessionStorage.getItem("bell") ?? "0 0").split(" ").map(Number);
    if (Date.now() - (at ?? 0) < pause) this.#say(count ?? 0);
    else void this.#look();
  }

  async #look(): Promise<void> {
    const marks = await fetch("/following/marks").then((a) => a.json() as Promise<string[]>).catch(() => null);
    if (!marks) return; // offline, or no longer signed in
    const before = seen();
    const count = marks.filter((m) => !before.has(m)).length;
    keep(sessionStorage, "bell", `${Date.now()} ${count}`);
    this.#say(count);
  }

  #say(count: number): void {
    const link = this.querySelector("a");
    if (!link || !count) return;
    const b = document.createElement("b");
    b.className = "badge new";
    b.dataset["count"] = String(count); // drawn by the style: the name below says it already
    link.append(b);
    link.ariaLabel += ` (${count})`;
  }
}

customElements.define("news-told", Told);
customElements.define("news-bell", Bell);
