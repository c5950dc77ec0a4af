// The base module of every page. Everything here makes a page nicer; nothing
// here is needed to read, write or decide.
import "./draft.ts";
import "./preview.ts";
import "./kept.ts";
import "../forum/since.ts";
import "../forum/quote.ts";
import { serveWhenIdle } from "../space/idle.ts";
import { listenWhenIdle } from "../forum/news.ts";
import { guardForms } from "./guard.ts";
import { showOwnZone } from "./zone.ts";
import { startWorker } from "./worker.ts";

showOwnZone();
guardForms();
document.querySelector<HTMLElement>(".errors")?.focus();
startWorker();
serveWhenIdle();
listenWhenIdle();
