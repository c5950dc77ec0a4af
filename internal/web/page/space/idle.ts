// Every page of somebody signed in asks, once a day and when the browser has
// nothing else to do, whether her seats are to be served. So whoever opens a safe
// space's page cannot be told from whoever never does. The program comes only then.

const PLACE = 'guildhall-served'; // the day on which this device asked last
const DAY = 86_400_000;
const LATEST = 10_000; // ms after which it is asked also of a busy browser

export function serveWhenIdle(): void {
  if (!document.querySelector('.me .name') || !globalThis.crypto?.subtle) return;
  const today = String(Math.floor(Date.now() / DAY));
  try {
    if (localStorage.getItem(PLACE) === today) return;
    localStorage.setItem(PLACE, today);
  } catch {
    return; // a device on which nothing can be kept holds no passes either
  }
  const work = (): void => void import('./everywhere.ts').then((m) => m.serveSeats()).catch(() => undefined); // a space's page says what is wrong
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: LATEST });
  else setTimeout(work, LATEST / 5);
}
