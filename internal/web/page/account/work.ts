// Proof of work, seen from the page.
import { decode } from './bytes.ts';

export interface Working {
  answer: Promise<string>; // for the form field work
  stop: () => void;
}

type Told = { nonce: number; done?: undefined } | { nonce?: undefined; done: number };

/**
 * Solves a token in a worker. progress hears how likely it was to be done by
 * now, 0 to 1. The promise fails when the token is broken or no worker starts.
 */
export function startWork(script: string, token: string, progress: (done: number) => void = () => {}): Working {
  const worker = new Worker(script);
  const answer = new Promise<string>((resolve, reject) => {
    worker.onmessage = (e: MessageEvent<Told>) => {
      if (e.data.nonce === undefined) return progress(e.data.done);
      worker.terminate();
      resolve(`${token}.${e.data.nonce.toString(16).padStart(16, '0')}`);
    };
    worker.onerror = () => reject(new Error('no worker'));
    const bytes = decode(token);
    if (bytes) worker.postMessage(bytes);
    else reject(new Error('a broken token'));
  });
  return { answer, stop: () => worker.terminate() };
}
