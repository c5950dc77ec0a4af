// The hall's hour. Only a demonstration on one's own machine is believed that it is
// another than this device's; a hall elsewhere could put somebody into an epoch of her own.
import { BARE } from './visit.ts';

/** The demonstration on one's own machine moves its clock; a hall elsewhere is not believed. */
export const isLocal = (): boolean => /(^|\.)localhost$/.test(location.hostname);

const PLACE = 'guildhall-skew';
const NEAR = 2000; // ms within which two answers say the same

/** By how much the hall's clock is ahead of this device's, in ms, as it tells everybody; 0 when it was not reached. */
export async function skew(): Promise<number> {
  const r = await fetch('/log/key', { ...BARE, mode: 'same-origin', method: 'HEAD' }).catch(() => null);
  const hall = Date.parse(r?.headers.get('Date') ?? '');
  return hall ? steady(hall - Date.now()) : 0;
}

/** The header knows whole seconds: the tab keeps to what it heard first, so that its clock does not go back between two pages. */
function steady(heard: number): number {
  try {
    const kept = Number(sessionStorage.getItem(PLACE) ?? NaN);
    if (Math.abs(kept - heard) < NEAR) return kept;
    sessionStorage.setItem(PLACE, String(heard));
  } catch {
    // storage is switched off; then no mask is kept here either
  }
  return heard;
}
