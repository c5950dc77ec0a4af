// The line by which the hall tells a page that is open that there is something new. It says
// a kind and nothing else; whoever cares listens to the event "hall:live" and asks.
import { Centrifuge } from "centrifuge";

const ASKED = 15_000; // ms between two looks whether somebody is still signed in here
const HIDDEN = 60_000; // ms after which a page that nobody sees lets its line go

// Whoever calls is shown and heard; the program for it comes only then.
async function ring(): Promise<void> {
  if (document.querySelector("call-page")) return; // which says itself how its call stands
  const list = await fetch("/calls/ringing", { cache: "no-store" }).then((a) => (a.ok ? (a.json() as Promise<unknown[]>) : [])).catch(() => []);
  if (list.length > 0 || document.querySelector(".rings")) (await import("../call/ring.ts")).show(list as never);
}

export function listen(): void {
  const at = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live/websocket`;
  const line = new Centrifuge(
    [
      { transport: "websocket", endpoint: at },
      { transport: "http_stream", endpoint: "/live/stream" },
      { transport: "sse", endpoint: "/live/sse" },
    ],
    { emulationEndpoint: "/live/emulation", minReconnectDelay: 300, maxReconnectDelay: 20_000 },
  );
  const say = (kind: string): boolean => document.dispatchEvent(new CustomEvent("hall:live", { detail: kind }));
  let before = false;
  line.on("publication", (p) => {
    const kind = (p.data as { k?: string }).k ?? "";
    say(kind);
    if (kind === "call") void ring();
  });
  line.on("connected", (c) => {
    document.documentElement.dataset["line"] = c.transport;
    if (before) say("again"); // what was said meanwhile was not heard
    void ring(); // somebody may be calling already
    before = true;
  });
  line.on("connecting", () => delete document.documentElement.dataset["line"]);
  // A line that does not come about may be one of somebody who is signed out: then it ends, and the page says so.
  let ended = false;
  let asked = 0;
  line.on("error", () => {
    if (ended || Date.now() - asked < ASKED) return;
    asked = Date.now();
    void fetch("/following/marks", { cache: "no-store" }).then((r) => {
      if (r.status !== 401 || ended) return;
      ended = true;
      line.disconnect();
      say("ended");
    }, () => undefined); // offline: it is tried on
  });
  line.on("disconnected", () => delete document.documentElement.dataset["line"]);
  let timer = 0;
  const look = (): void => {
    clearTimeout(timer);
    if (ended) return;
    if (document.visibilityState === "visible") line.connect();
    else timer = window.setTimeout(() => line.disconnect(), HIDDEN);
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", () => line.disconnect());
  addEventListener("pageshow", look);
  look();
}
