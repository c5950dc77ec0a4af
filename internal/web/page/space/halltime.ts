// The hall's hour. Only a demonstration on one's own machine is believed that it is
// another than this device's; a hall elsewhere could put somebody into an epoch of her own.
import { BARE } from './visit.ts';

/** The demonstration on one's own machine moves its clock; a hall elsewhere is not believed. */
export const isLocal = (): boolean => /(^|\.)localhost$/.test(location.hostname);

/** By how much the hall's clock is ahead of this device's, in ms, as it tells everybody; 0 when it was not reached. */
export async function skew(): Promise<number> {
  const r = await fetch('/log/key', { ...BARE, mode: 'same-origin', method: 'HEAD' }).catch(() => null);
  const hall = Date.parse(r?.headers.get('Date') ?? '');
  // The header knows whole seconds; rounded up, a second that was here does not come again.
  return hall ? hall + 1000 - Date.now() : 0;
}
