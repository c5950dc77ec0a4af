// The worker that does the small piece of work, off the page's thread.
import { decode } from './bytes.ts';
import { attempt } from './solve.ts';

const STEP = 1 << 16;

self.onmessage = (e: MessageEvent<string>) => {
  const token = decode(e.data);
  if (!token) return;
  for (let tried = 0; ; tried += STEP) {
    const nonce = attempt(token, tried, STEP);
    if (nonce >= 0) {
      self.postMessage({ answer: `${e.data}.${nonce.toString(16).padStart(16, '0')}` });
      return;
    }
    self.postMessage({ done: 1 - Math.exp(-(tried + STEP) / 2 ** (token[1] ?? 0)) });
  }
};
