// Starts the service worker once the page has had its turn.

export function startWorker(): void {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  const start = () => {
    workers.register("/sw.js").then(renewOffline, () => {
      // Refused by the browser's settings: pages are then simply not kept.
    });
  };
  if (document.readyState === "complete") start();
  else addEventListener("load", start);
}

// renewOffline fetches the offline page again after the reader has changed the
// language, for it is kept in only one.
function renewOffline(): void {
  const lang = document.documentElement.lang;
  try {
    const before = localStorage.getItem("lang");
    localStorage.setItem("lang", lang);
    if (before && before !== lang) navigator.serviceWorker.controller?.postMessage("renew");
  } catch {
    // Storage is switched off: the offline page stays in the first language.
  }
}
