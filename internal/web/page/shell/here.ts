// Tells the hall that what is new is on this screen, so that no device need ring for it. A
// page says so only when somebody is likely to look: it is seen, and was touched lately.
const LATELY = 60_000; // ms

let touched = performance.now(); // somebody opened the page
const touch = (): void => void (touched = performance.now());
for (const what of ["pointerdown", "pointermove", "keydown", "scroll", "focus"]) addEventListener(what, touch, { passive: true, capture: true });

type What = { messages?: boolean; opened?: boolean };

// Programs of other pages say it by an event, or they would share a file with this one.
document.addEventListener("hall:seen", (e) => tellHere((e as CustomEvent<What>).detail));

export function tellHere(what: What): void {
  if (document.visibilityState !== "visible" || performance.now() - touched > LATELY) return;
  const body = new URLSearchParams(Object.entries(what).flatMap(([k, yes]) => (yes ? [[k, "1"]] : [])));
  void fetch("/reach/here", { method: "POST", body, keepalive: true }).catch(() => undefined);
}
