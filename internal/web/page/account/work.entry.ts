// The worker that does the small piece of work, off the page's thread. It shares
// no module with the page, so it is a plain script that old browsers start too.
import { attempt } from './solve.ts';

const STEP = 1 << 16;

self.onmessage = (e: MessageEvent<Uint8Array>) => {
  const token = e.data;
  for (let tried = 0; ; tried += STEP) {
    const nonce = attempt(token, tried, STEP);
    if (nonce >= 0) return self.postMessage({ nonce });
    self.postMessage({ done: 1 - Math.exp(-(tried + STEP) / 2 ** (token[1] ?? 0)) });
  }
};
