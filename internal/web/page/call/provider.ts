// The ring of keys under which LiveKit's client seals and opens: frames name the place of
// theirs, so a new key breaks nothing off.
import { ExternalE2EEKeyProvider, KeyProviderEvent } from 'livekit-client';
import type { Bytes } from '../account/bytes.ts';

interface Place {
  key: CryptoKey;
  keyIndex: number;
}

const PLACES = 16;

export class KeyRing extends ExternalE2EEKeyProvider {
  private readonly places = new Map<number, Place>();
  private sealing = 0;

  /** Takes a key by its number; now: also to seal with from here on. */
  async put(n: number, key: Bytes, now: boolean): Promise<void> {
    const place = { key: await crypto.subtle.importKey('raw', key.slice(), 'HKDF', false, ['deriveBits', 'deriveKey']), keyIndex: n % PLACES };
    this.places.set(place.keyIndex, place);
    if (now) this.sealing = place.keyIndex;
    this.emit(KeyProviderEvent.SetKey, place, now);
  }

  override getKeys(): Place[] {
    return [...this.places.values()];
  }

  override getLatestManuallySetKeyIndex(): number {
    return this.sealing;
  }
}
