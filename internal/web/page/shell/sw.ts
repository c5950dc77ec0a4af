// The service worker: keeps what was read, for when the line is gone.
//
// It keeps only pages that anybody may see: the hall marks every page of a
// signed-in person no-store, and such an answer is never kept. The list of
// files to keep from the start is put in front by the hall (KEPT).

declare const KEPT: string[];

const worker = self as unknown as ServiceWorkerGlobalScope;

const most = 60; // pages kept
const mostFiles = 40; // hashed files kept, those of the last few versions
const patience = 4000; // ms to wait for the line before showing what is kept
const own = ["/account", "/join", "/sign-in", "/moderation", "/report", "/steward", "/write", "/offline"];

/** What newer browsers let a worker say: which requests it never wants to see. */
interface Routing extends ExtendableEvent {
  addRoutes?(rules: { condition: { requestMethod: string }; source: "network" }[]): Promise<void>;
}

worker.addEventListener("install", (event: Routing) => {
  // Chromium loses what a page sends as it is put away when a worker is asked first.
  event.waitUntil(event.addRoutes?.(["POST", "PUT"].map((requestMethod) => ({ condition: { requestMethod }, source: "network" as const }))) ?? Promise.resolve());
  event.waitUntil(
    (async () => {
      await (await caches.open("files")).addAll(KEPT);
      await renew();
      await worker.skipWaiting();
    })(),
  );
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      await worker.registration.navigationPreload?.enable();
      await worker.clients.claim();
    })(),
  );
});

worker.addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(caches.delete("pages"));
  if (event.data === "renew") event.waitUntil(renew());
});

// A push always shows something: browsers take the right away from whoever stays silent.
// What it says was written by the hall for this device; times stay here.
worker.addEventListener("push", (event) => {
  const p = (event.data?.json() ?? {}) as Pushed;
  event.waitUntil(
    worker.registration
      .showNotification(p.h ?? "Guildhall", { body: p.b ?? "", lang: p.l ?? "", dir: p.d ?? "auto", tag: p.k ?? "", icon: "/favicon.ico", data: p, silent: p.s === 1, ...(p.k === "call" && p.s !== 1 ? rings : {}) })
      .then(() => say("shown", p))
      .then(() => (p.s === 1 ? away(p.k ?? "") : undefined)),
  );
});

worker.addEventListener("notificationclick", (event) => {
  const p = event.notification.data as Pushed;
  event.notification.close();
  event.waitUntil(Promise.all([say("opened", p), worker.clients.openWindow(new URL(p.u ?? "/", location.origin))]));
});

// The push service has moved this browser: the hall is told where, if somebody is signed in.
worker.addEventListener("pushsubscriptionchange", (event: PushChange) => {
  const options = event.oldSubscription?.options;
  if (options) event.waitUntil(worker.registration.pushManager.subscribe(options).then(tell));
});

// A call stays on the screen, sounds again when it is sent again, and shakes the phone.
const rings = { requireInteraction: true, renotify: true, vibrate: [400, 200, 400, 1000, 400, 200, 400] } as NotificationOptions;

interface Pushed {
  t?: string; // what this device acknowledges by
  n?: string; // the notice
  k?: string; // of one tag the newest is shown
  h?: string;
  b?: string;
  l?: string;
  d?: NotificationDirection;
  u?: string; // path that is opened
  s?: number; // 1: it is shown for a moment only
}

// What only asks whether the device is there is put away again.
async function away(tag: string): Promise<void> {
  for (const n of await worker.registration.getNotifications({ tag })) n.close();
}

interface PushChange extends ExtendableEvent {
  oldSubscription?: PushSubscription | null;
}

async function say(what: string, p: Pushed): Promise<void> {
  const body = new URLSearchParams({ token: p.t ?? "", notice: p.n ?? "" });
  await fetch("/reach/" + what, { method: "POST", body, credentials: "omit", referrerPolicy: "no-referrer" }).catch(() => undefined);
}

async function tell(made: PushSubscription): Promise<void> {
  const { endpoint, keys } = made.toJSON();
  const body = new URLSearchParams({ endpoint: endpoint ?? "", key: keys?.["p256dh"] ?? "", auth: keys?.["auth"] ?? "" });
  await fetch("/account/reach/devices", { method: "POST", body });
}

worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(file(event));
  else if (event.request.mode === "navigate") event.respondWith(page(event, url));
});

async function renew(): Promise<void> {
  await (await caches.open("offline")).add(new Request("/offline", { cache: "reload" }));
}

async function file(event: FetchEvent): Promise<Response> {
  const cache = await caches.open("files");
  const kept = await cache.match(event.request);
  if (kept) return kept;
  const fresh = await fetch(event.request);
  if (fresh.status === 200) event.waitUntil(keep(cache, event.request.url, fresh.clone(), mostFiles));
  return fresh;
}

async function page(event: FetchEvent, url: URL): Promise<Response> {
  const cache = await caches.open("pages");
  const mayKeep = !own.some((p) => url.pathname === p || url.pathname.startsWith(p + "/"));
  const fresh = (async () => {
    const answer = ((await event.preloadResponse) as Response | undefined) ?? (await fetch(event.request));
    if (mayKeep && keepable(answer)) event.waitUntil(keep(cache, url.pathname + url.search, answer.clone(), most));
    return answer;
  })();
  event.waitUntil(fresh.catch(() => undefined));
  try {
    const first = await Promise.race([fresh, rest(patience)]);
    if (first) return first;
    return (mayKeep && (await cache.match(url.pathname + url.search))) || (await fresh);
  } catch {
    const kept = mayKeep && (await cache.match(url.pathname + url.search));
    return kept || (await offline());
  }
}

async function offline(): Promise<Response> {
  return (await (await caches.open("offline")).match("/offline")) ?? Response.error();
}

function keepable(answer: Response): boolean {
  const rule = answer.headers.get("Cache-Control") ?? "";
  return (
    answer.status === 200 &&
    answer.type === "basic" &&
    !answer.redirected &&
    !/no-store|private/.test(rule) &&
    (answer.headers.get("Content-Type") ?? "").startsWith("text/html")
  );
}

// keep stores the newest last, so that the oldest go first.
async function keep(cache: Cache, key: string, answer: Response, limit: number): Promise<void> {
  await cache.delete(key);
  await cache.put(key, answer);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - limit)).map((k) => cache.delete(k)));
}

function rest(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}
