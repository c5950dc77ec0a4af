// <draft-keeper key kept back restore drop>fields, p.kept</draft-keeper>
//
// Keeps what is typed on this device while it is typed, and brings it back. It
// is let go only when a page says that the hall has it (meta draft-done).
import { type Draft, dropDraft, keepDraft, readDraft } from "./store.ts";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const pause = 400; // ms of quiet before writing

class DraftKeeper extends HTMLElement {
  #timer = 0;
  #note!: HTMLElement;
  #base: Record<string, string> = {};

  connectedCallback(): void {
    const note = this.querySelector<HTMLElement>(":scope > .kept");
    if (!note) return;
    this.#note = note;
    this.#base = this.#sent();
    this.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#keep(), pause);
    });
    addEventListener("pagehide", () => this.#flush());
    // Written before the answer comes, or the page that lets the draft go would
    // be overtaken by it.
    this.closest("form")?.addEventListener("submit", () => this.#flush());
    void this.#begin();
  }

  get #key(): string {
    return this.getAttribute("key") ?? location.pathname;
  }

  #fields(): Field[] {
    return [...this.querySelectorAll<Field>("textarea[name], select[name], input[name]")].filter(
      (f) => !["hidden", "password", "file", "checkbox", "radio"].includes(f.type),
    );
  }

  #values(): Record<string, string> {
    return Object.fromEntries(this.#fields().map((f) => [f.name, f.value]));
  }

  // What the hall sent, also where somebody has typed before this script came.
  #sent(): Record<string, string> {
    return Object.fromEntries(
      this.#fields().map((f) => [
        f.name,
        "defaultValue" in f ? f.defaultValue : ([...f.options].find((o) => o.defaultSelected) ?? f.options[0])?.value ?? "",
      ]),
    );
  }

  async #begin(): Promise<void> {
    await accepted;
    const draft = await readDraft(this.#key);
    // What was typed before this script, or the draft, was there is kept as what is typed later.
    if ((!draft || same(draft.fields, this.#base)) && !same(this.#values(), this.#base)) return this.#keep();
    if (!draft || same(draft.fields, this.#values())) return;
    // Nothing of the hall's is overwritten in a box that is empty.
    if (same(draft.base, this.#values()) || same(this.#values(), {})) {
      this.#restore(draft);
      return;
    }
    // The hall sent another text than the draft was begun on: the person chooses.
    this.#say("", [
      this.#button("restore", () => this.#restore(draft)),
      this.#button("drop", () => this.#drop()),
    ]);
  }

  #restore(draft: Draft): void {
    for (const f of this.#fields()) {
      const text = draft.fields[f.name];
      if (text === undefined) continue;
      f.value = text;
    }
    this.#say("back", [this.#button("drop", () => this.#drop())]);
  }

  // #flush keeps at once what was typed a moment ago.
  #flush(): void {
    if (this.#timer) void this.#keep();
  }

  async #keep(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const fields = this.#values();
    if (same(fields, this.#base)) {
      await dropDraft(this.#key);
      this.#say("");
    } else if (await keepDraft(this.#key, { fields, base: this.#base })) {
      this.#say("kept");
    }
  }

  #drop(): void {
    void dropDraft(this.#key);
    for (const f of this.#fields()) f.value = this.#base[f.name] ?? "";
    this.#say("");
  }

  #say(name: string, extras: Node[] = []): void {
    this.#note.replaceChildren((name && this.getAttribute(name)) || "", ...extras.flatMap((e) => [" ", e]));
  }

  #button(name: string, act: () => void): HTMLButtonElement {
    const b = document.createElement("button");
    b.type = "button";
    b.className = "plain linked";
    b.textContent = this.getAttribute(name);
    b.addEventListener("click", act);
    return b;
  }
}

function same(a: Record<string, string>, b: Record<string, string>): boolean {
  return Object.keys(b).every((k) => (a[k] ?? "").trim() === b[k]?.trim()); // the hall trims, and telephones end a word with a space
}

// What the hall has accepted goes before any box asks for it.
const done = document.querySelector<HTMLMetaElement>('meta[name="draft-done"]');
const accepted = done ? accept(done.content) : Promise.resolve();

// What was published openly is also kept for comparing styles, by a module that
// only writers fetch.
async function accept(key: string): Promise<void> {
  const draft = await readDraft(key);
  await dropDraft(key);
  const text = Object.values(draft?.fields ?? {}).sort((a, b) => b.length - a.length)[0] ?? "";
  if (text && globalThis.crypto?.subtle) void import("../space/own.ts").then((own) => own.keepOwn(text)).catch(() => undefined);
}

customElements.define("draft-keeper", DraftKeeper);
