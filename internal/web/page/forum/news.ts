// <news-bell><a class="bell" …></a></news-bell>
// <news-told label>ul.shelf > li[data-mark]</news-told>
//
// Which lines of news their reader has seen, this device alone knows: the hall gives
// the marks of all, and is told nothing.

import { tellHere } from "../shell/here.ts";

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
    if (rows.length > 0) tellHere({ opened: true });
  }
}

// Bell says how many lines there are that this device has not shown.
class Bell extends HTMLElement {
  #name: string | undefined;

  connectedCallback(): void {
    document.addEventListener("hall:live", (e) => void this.#live((e as CustomEvent<string>).detail));
    if (document.querySelector("news-told")) return;
    const [at, count] = (sessionStorage.getItem("bell") ?? "0 0").split(" ").map(Number);
    if (Date.now() - (at ?? 0) < pause) this.#say(count ?? 0);
    else void this.#look();
  }

  // Something is new while the page is open, or may be: the line was cut.
  async #live(kind: string): Promise<void> {
    if (kind === "ended") return this.#announce("ended", "/sign-in");
    if (kind !== "news" && kind !== "again") return;
    const count = await this.#look();
    if (!count || kind === "again") return;
    this.#announce("told", "/following");
    tellHere({});
  }

  #announce(what: string, href: string): void {
    document.querySelector(".toast")?.remove();
    const p = document.createElement("p");
    p.className = "toast";
    p.role = "status";
    document.body.append(p); // first the place, then the words: or screen readers miss them
    const a = document.createElement("a");
    a.href = href;
    a.textContent = this.getAttribute(what);
    p.append(a);
  }

  async #look(): Promise<number> {
    const marks = await fetch("/following/marks").then((a) => a.json() as Promise<string[]>).catch(() => null);
    if (!marks) return 0; // offline, or no longer signed in
    const before = seen();
    const count = marks.filter((m) => !before.has(m)).length;
    keep(sessionStorage, "bell", `${Date.now()} ${count}`);
    this.#say(count);
    return count;
  }

  #say(count: number): void {
    const link = this.querySelector("a");
    if (!link || !count) return;
    this.#name ??= link.ariaLabel ?? "";
    link.querySelector("b")?.remove();
    const b = document.createElement("b");
    b.className = "badge new";
    b.dataset["count"] = String(count); // drawn by the style: the name below says it already
    link.append(b);
    link.ariaLabel = `${this.#name} (${count})`;
  }
}

customElements.define("news-told", Told);
customElements.define("news-bell", Bell);

const LATEST = 5_000; // ms after which a busy browser, too, begins to listen

// A page of somebody signed in listens while it is open. The program comes only then.
export function listenWhenIdle(): void {
  if (!document.querySelector("news-bell")) return;
  const work = (): void => void import("../shell/live.ts").then((m) => m.listen()).catch(() => undefined); // offline: the bell looks at the next page
  if ("requestIdleCallback" in globalThis) requestIdleCallback(work, { timeout: LATEST });
  else setTimeout(work, LATEST / 5);
}
