// The vault: one root, locked once for the phrase and once for each passkey, in
// 1,024 bytes that tell nobody how many keys there are.
import { type Bytes, concat, random, same, utf8 } from './bytes.ts';
import { derive, lock, SALT, sha256, unlock } from './derive.ts';

export const VAULT_SIZE = 1024;
export const SLOTS = 12;

const HEAD = utf8('GHV1');
const SLOT = 60;
const NONCE = 12;
const DIRECTORY = HEAD.length + SLOTS * SLOT;
const ENTRY = 16;
const ENTRIES = 272;

const BOUND_SLOT = utf8(`${SALT}/slot`);
const BOUND_DIRECTORY = utf8(`${SALT}/directory`);

/** Somebody who can open the vault: a passkey has a credential, the phrase none. */
export interface Holder {
  kek: Bytes;
  credential?: Bytes;
}

type Draw = (n: number) => Bytes;

const at = (i: number): number => HEAD.length + i * SLOT;

/** Makes a vault for a new root. The places of the slots are drawn. */
export async function makeVault(root: Bytes, holders: Holder[], draw: Draw = random): Promise<Bytes> {
  const vault = draw(VAULT_SIZE);
  vault.set(HEAD);
  const entries = new Uint8Array(ENTRIES);
  const free = Array.from({ length: SLOTS }, (_, i) => i);
  for (const h of holders) {
    const slot = free.splice(below(free.length, draw), 1)[0];
    if (slot === undefined) throw new RangeError('a vault has twelve slots');
    await fill(vault, entries, slot, root, h);
  }
  await close(vault, entries, root);
  return vault;
}

/** Opens the vault with one key: the root, or null when nothing opens. */
export async function openVault(vault: Bytes, kek: Bytes): Promise<Bytes | null> {
  if (!wellFormed(vault)) return null;
  for (let i = 0; i < SLOTS; i++) {
    const root = await unlock(kek, vault.slice(at(i), at(i) + SLOT), BOUND_SLOT);
    if (root?.length === 32) return root;
  }
  return null;
}

/**
 * Adds a holder: one slot and the directory change. live are the credentials the
 * account still has; a slot of any other passkey may be used again.
 */
export async function addHolder(
  vault: Bytes, root: Bytes, holder: Holder, live: Bytes[], draw: Draw = random,
): Promise<Bytes | 'full' | 'damaged'> {
  const entries = await directory(vault, root);
  if (!entries) return 'damaged';
  const kept = await Promise.all(live.map(tag));
  const free: number[] = [];
  for (let i = 0; i < SLOTS; i++) {
    const entry = entries.slice(i * ENTRY, (i + 1) * ENTRY);
    if (entry[0] === 0 || (entry[0] === 2 && !kept.some((t) => same(t, entry.slice(1))))) free.push(i);
  }
  const slot = free[below(free.length, draw)];
  if (slot === undefined) return 'full';
  const next = vault.slice();
  next.set(draw(NONCE), at(slot));
  next.set(draw(NONCE), DIRECTORY);
  await fill(next, entries, slot, root, holder);
  await close(next, entries, root);
  return next;
}

const wellFormed = (vault: Bytes): boolean => vault.length === VAULT_SIZE && same(vault.slice(0, HEAD.length), HEAD);

/** Says whose each slot is; null when the vault was damaged. */
async function directory(vault: Bytes, root: Bytes): Promise<Bytes | null> {
  if (!wellFormed(vault)) return null;
  const bound = concat(BOUND_DIRECTORY, vault.slice(0, DIRECTORY));
  return unlock(await derive(root, 'vault directory'), vault.slice(DIRECTORY), bound);
}

/** Locks the root into a slot, with the nonce that lies there. */
async function fill(vault: Bytes, entries: Bytes, slot: number, root: Bytes, h: Holder): Promise<void> {
  const from = at(slot);
  vault.set(await lock(h.kek, vault.slice(from, from + NONCE), root, BOUND_SLOT), from);
  entries.fill(0, slot * ENTRY, (slot + 1) * ENTRY);
  entries[slot * ENTRY] = h.credential ? 2 : 1;
  if (h.credential) entries.set(await tag(h.credential), slot * ENTRY + 1);
}

/** Locks the directory over the slots, with the nonce that lies there. */
async function close(vault: Bytes, entries: Bytes, root: Bytes): Promise<void> {
  const bound = concat(BOUND_DIRECTORY, vault.slice(0, DIRECTORY));
  const nonce = vault.slice(DIRECTORY, DIRECTORY + NONCE);
  vault.set(await lock(await derive(root, 'vault directory'), nonce, entries, bound), DIRECTORY);
}

const tag = async (credential: Bytes): Promise<Bytes> => (await sha256(credential)).slice(0, ENTRY - 1);

/** Draws a number below n, all alike; NaN for n = 0. */
export function below(n: number, draw: Draw = random): number {
  if (n === 0) return NaN;
  for (;;) {
    const x = draw(1)[0] ?? 0;
    if (x < 256 - (256 % n)) return x % n;
  }
}
