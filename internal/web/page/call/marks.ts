// Pointing at and drawing on a shared screen: what passes, and its bounds. Places are parts
// of the picture, so that they fall on the same spot whatever its size is.

/** A place on a picture, each way from 0 to 1. */
export type Place = [number, number];

/** What somebody shows: a dot, or the next piece of a stroke. */
export interface Mark {
  on: string; // the seat whose screen it is
  at: Place[];
  draws: boolean;
}

export const EVERY = 66; // ms between two that one page says
const MANY = 20; // places of one mark
const FINE = 10_000; // steps that a place is told in

const part = (v: unknown): v is number => typeof v === 'number' && v >= 0 && v <= FINE;

/** As it is said; whole numbers are shorter. */
export const told = (m: Mark): { t: string; on: string; at: number[][]; draws: boolean } => ({
  t: 'mark', on: m.on, draws: m.draws, at: m.at.slice(-MANY).map((p) => p.map((v) => Math.round(v * FINE))),
});

/** Takes what somebody says; null for what no page would. */
export function read(w: Record<string, unknown>): Mark | null {
  const { on, at, draws } = w;
  if (typeof on !== 'string' || on.length > 64 || typeof draws !== 'boolean' || !Array.isArray(at) || at.length === 0 || at.length > MANY) return null;
  const places: Place[] = [];
  for (const p of at as unknown[]) {
    if (!Array.isArray(p) || p.length !== 2 || !part(p[0]) || !part(p[1])) return null;
    places.push([p[0] / FINE, p[1] / FINE]);
  }
  return { on, at: places, draws };
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Where the picture itself lies in the box that shows it: what is beside it is no part of it. */
export function picture(box: Box, width: number, height: number): Box {
  if (!(width > 0 && height > 0)) return box;
  const by = Math.min(box.width / width, box.height / height);
  const [w, h] = [width * by, height * by];
  return { left: box.left + (box.width - w) / 2, top: box.top + (box.height - h) / 2, width: w, height: h };
}

/** The place under a finger; null beside the picture. */
export function placeIn(box: Box, x: number, y: number): Place | null {
  const p: Place = [(x - box.left) / box.width, (y - box.top) / box.height];
  return p.every((v) => v >= 0 && v <= 1) ? p : null;
}
