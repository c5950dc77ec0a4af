// Microphone and camera are tried on the page itself: nothing of it leaves the browser.
import type { KeyElement } from '../account/element.ts';

const FOR = 15_000; // ms
const LOOK = 100;

export async function tried(page: KeyElement): Promise<void> {
  const told = (name: string, key: string): void => {
    const p = page.piece(name);
    if (p) p.textContent = page.sentence(key);
  };
  const open = (what: MediaStreamConstraints): Promise<MediaStream | null> => navigator.mediaDevices.getUserMedia(what).catch(() => null);
  const [sound, picture] = [await open({ audio: true }), await open({ video: true })];
  told('heard', sound ? 'mic_good' : 'no_microphone');
  told('seen', picture ? 'cam_good' : 'no_camera');
  const video = page.piece('picture') as HTMLVideoElement | null;
  if (video && picture) {
    video.hidden = false;
    video.srcObject = picture;
    void video.play().catch(() => undefined);
  }
  const stop = sound ? level(page.piece('loud') as HTMLMeterElement | null, sound) : (): void => undefined;
  setTimeout(() => {
    stop();
    for (const s of [sound, picture]) s?.getTracks().forEach((t) => t.stop());
    if (video) video.hidden = true;
  }, FOR);
  page.dataset['tried'] = sound ? 'sound' : 'none';
}

function level(meter: HTMLMeterElement | null, of: MediaStream): () => void {
  const ctx = new AudioContext();
  const look = ctx.createAnalyser();
  ctx.createMediaStreamSource(of).connect(look);
  const now = new Float32Array(look.fftSize);
  const timer = window.setInterval(() => {
    look.getFloatTimeDomainData(now);
    if (meter) meter.value = Math.min(1, 4 * Math.sqrt(now.reduce((n, x) => n + x * x, 0) / now.length));
  }, LOOK);
  return () => {
    clearInterval(timer);
    void ctx.close();
  };
}
