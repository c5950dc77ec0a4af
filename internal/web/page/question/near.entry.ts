// <near-questions>input[name=title], div.near</near-questions>
//
// Shows, while a title is typed, the questions most like it. With scripts off the
// form has a second step that does the same.

const rest = 350; // ms without a key before the hall is asked

class NearQuestions extends HTMLElement {
  #timer = 0;
  #asked = "";
  #stop: AbortController | undefined;

  connectedCallback(): void {
    this.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#look(), rest);
    });
  }

  async #look(): Promise<void> {
    const form = this.closest("form");
    const title = this.querySelector("input")?.value.trim() ?? "";
    const place = this.querySelector(".near");
    if (!form || !place || title === this.#asked) return;
    this.#asked = title;
    this.#stop?.abort();
    this.#stop = new AbortController();
    const platform = form.querySelector<HTMLSelectElement>("[name=platform]")?.value ?? "";
    try {
      const answer = await fetch("/questions/nearest", { method: "POST", body: new URLSearchParams({ title, platform }), signal: this.#stop.signal });
      if (!answer.ok) return; // the form asks again when it is sent
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...page.body.childNodes);
    } catch {
      // No line, or another letter was typed meanwhile.
    }
  }
}

customElements.define("near-questions", NearQuestions);
