// Forms: a second press within a few seconds sends nothing twice, a retry is
// never in the way, and being offline is said before anything is lost.

import { emptyExceptMark, markSpoken } from "../space/spoke.ts";

const patience = 6000; // ms after which pressing again means "try again"

export function guardForms(): void {
  const sentAt = new WeakMap<HTMLFormElement, number>();

  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (!navigator.onLine) {
      event.preventDefault();
      sayOffline(form);
      return;
    }
    const last = sentAt.get(form);
    if (last !== undefined && event.timeStamp - last < patience) {
      event.preventDefault();
      return;
    }
    sentAt.set(form, event.timeStamp);
    event.submitter?.setAttribute("aria-busy", "true");
    if (!form.closest(".masked")) markSpoken(); // whatever an account changes, a nightly copy of the files dates
    if (form.hasAttribute("data-forget")) forget();
  });

  // Coming back to the page with "back" is a fresh start.
  addEventListener("pageshow", () => {
    for (const form of document.forms) sentAt.delete(form);
    for (const busy of document.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
  });
}

function sayOffline(form: HTMLFormElement): void {
  const words = document.body.dataset["offline"] ?? "";
  let note = form.querySelector<HTMLElement>(".notice.offline");
  if (!note) {
    note = document.createElement("p");
    note.className = "notice offline";
    note.setAttribute("role", "alert");
    form.append(note);
  }
  note.textContent = words;
}

// forget empties what this device keeps, when a person signs out.
function forget(): void {
  indexedDB.deleteDatabase("reach"); // when her devices were reached
  navigator.serviceWorker?.controller?.postMessage("forget");
  emptyExceptMark();
  indexedDB.deleteDatabase("drafts");
}
