// Proof of work, seen from the page.

export interface Working {
  answer: Promise<string>; // for the form field work
  stop: () => void;
}

/**
 * Solves a token in a worker. progress hears how likely it was to be done by
 * now, 0 to 1. The promise fails when the worker cannot start.
 */
export function startWork(script: string, token: string, progress: (done: number) => void = () => {}): Working {
  const worker = new Worker(script, { type: 'module' });
  const answer = new Promise<string>((resolve, reject) => {
    worker.onmessage = (e: MessageEvent<{ answer?: string; done?: number }>) => {
      if (e.data.answer === undefined) return progress(e.data.done ?? 0);
      worker.terminate();
      resolve(e.data.answer);
    };
    worker.onerror = () => reject(new Error('the worker did not start'));
  });
  worker.postMessage(token);
  return { answer, stop: () => worker.terminate() };
}
