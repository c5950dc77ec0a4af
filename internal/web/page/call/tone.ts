// Tones of our own making: a ring for whoever is called, and what its caller hears meanwhile.

const RING = [659.3, 784, 987.8]; // three bells, one after the other
const EVERY = 3000; // ms

/** Plays until it is stopped; where the browser does not let a page sound, it stays silent. */
export function ringtone(): () => void {
  return repeated((at, ctx) => RING.forEach((f, i) => bell(ctx, f, at + i * 0.22, 0.25)));
}

/** What a caller hears while it rings. */
export function ringback(): () => void {
  return repeated((at, ctx) => bell(ctx, 440, at, 0.05));
}

function bell(ctx: AudioContext, frequency: number, at: number, loud: number): void {
  const tone = ctx.createOscillator();
  const gain = ctx.createGain();
  tone.frequency.value = frequency;
  gain.gain.setValueAtTime(loud, at);
  gain.gain.exponentialRampToValueAtTime(0.001, at + 1.1);
  tone.connect(gain).connect(ctx.destination);
  tone.start(at);
  tone.stop(at + 1.2);
}

function repeated(play: (at: number, ctx: AudioContext) => void): () => void {
  const ctx = new AudioContext();
  const turn = (): void => {
    if (ctx.state === 'running') play(ctx.currentTime, ctx);
    else void ctx.resume().catch(() => undefined);
  };
  turn();
  const timer = window.setInterval(turn, EVERY);
  return () => {
    clearInterval(timer);
    void ctx.close();
  };
}
