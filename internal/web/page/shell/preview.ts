// <post-preview>textarea, button[name=preview]</post-preview>
//
// Shows the text as it will stand, below the box, without leaving the page. With
// scripts off the same button sends the form, and the page comes back with it.

class PostPreview extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLButtonElement>("button[name=preview]");
      if (!button) return;
      event.preventDefault();
      void this.#show(button);
    });
  }

  async #show(button: HTMLButtonElement): Promise<void> {
    const text = this.querySelector("textarea")?.value ?? "";
    button.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch("/preview", { method: "POST", body: new URLSearchParams({ text }) });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.#place().replaceChildren(...page.body.childNodes);
    } catch {
      // The whole way round, through the form, gives the person the reason.
      button.form?.requestSubmit(button);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  #place(): HTMLElement {
    let box = this.querySelector<HTMLElement>(".preview");
    if (!box) {
      box = document.createElement("div");
      box.className = "preview prose";
      box.setAttribute("role", "status");
      this.append(box);
    }
    return box;
  }
}

customElements.define("post-preview", PostPreview);
