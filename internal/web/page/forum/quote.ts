// <quote-source for="ID of textarea" label>posts</quote-source>
//
// Words selected in a post (data-post, data-name) become a quote in the box, with
// a link back to where they stand.

class QuoteSource extends HTMLElement {
  #button = document.createElement("button");

  connectedCallback(): void {
    const box = document.getElementById(this.getAttribute("for") ?? "");
    if (!(box instanceof HTMLTextAreaElement)) return;
    this.#button.type = "button";
    this.#button.className = "float-quote";
    this.#button.textContent = this.getAttribute("label");
    this.#button.hidden = true;
    // The press must not take the selection away before it is read.
    this.#button.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#button.addEventListener("click", () => this.#quote(box));
    this.append(this.#button);
    document.addEventListener("selectionchange", () => this.#follow());
  }

  #selected(): { post: HTMLElement; text: string; range: Range } | null {
    const s = getSelection();
    if (!s || s.isCollapsed || !s.rangeCount) return null;
    const range = s.getRangeAt(0);
    const from = range.commonAncestorContainer;
    const el = from instanceof Element ? from : from.parentElement;
    const post = el?.closest<HTMLElement>(".post");
    const text = s.toString().trim();
    return post && el?.closest(".prose") && this.contains(post) && text ? { post, text, range } : null;
  }

  #follow(): void {
    const found = this.#selected();
    this.#button.hidden = !found;
    if (!found) return;
    const at = found.range.getBoundingClientRect();
    const origin = this.getBoundingClientRect();
    this.#button.style.insetBlockStart = `${at.bottom - origin.top + 8}px`;
    this.#button.style.left = `${Math.max(0, Math.min(at.left - origin.left, origin.width - 120))}px`;
  }

  #quote(box: HTMLTextAreaElement): void {
    const found = this.#selected();
    if (!found) return;
    const { post: id, name } = found.post.dataset;
    const link = id ? `/posts/${id}` : `${location.pathname}${location.search}#${found.post.id}`;
    const who = (name || found.post.querySelector(".who")?.textContent || "…").trim().replace(/[[\]\\]/g, "");
    const lines = found.text.split(/\n+/).map((line) => `> ${line}`);
    const quote = [`> [${who}](${link}):`, ">", ...lines, "", ""].join("\n");
    box.value += (box.value && !box.value.endsWith("\n\n") ? "\n\n" : "") + quote;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
    getSelection()?.removeAllRanges();
    box.focus();
  }
}

customElements.define("quote-source", QuoteSource);
