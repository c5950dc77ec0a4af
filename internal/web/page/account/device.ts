// The root on this device: one record per signed-in browser, in IndexedDB,
// locked with a key that scripts can use but not read.
import { type Bytes, random, same, utf8 } from './bytes.ts';
import { lock, SALT, unlock } from './derive.ts';

interface Kept {
  wrap: CryptoKey;
  box: Bytes; // nonce ‖ locked root
  pending: boolean; // joining, and no signed-in page has been seen yet
}

const DATABASE = 'guildhall-keys';
const STORE = 'roots';
const BOUND = utf8(`${SALT}/device`);

const settled = <T>(r: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    r.onsuccess = () => resolve(r.result);
    r.onerror = () => reject(r.error ?? new Error('IndexedDB'));
  });

async function within<T>(mode: IDBTransactionMode, use: (s: IDBObjectStore) => Promise<T>): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const db = await settled(opening);
  try {
    const tx = db.transaction(STORE, mode);
    const done = new Promise<void>((resolve, reject) => {
      tx.oncomplete = () => resolve();
      tx.onabort = () => reject(tx.error ?? new Error('IndexedDB'));
    });
    const result = await use(tx.objectStore(STORE));
    await done;
    return result;
  } finally {
    db.close();
  }
}

async function all(): Promise<[string, Kept][]> {
  return within('readonly', async (s) => {
    const [names, kept] = await Promise.all([settled(s.getAllKeys()), settled<Kept[]>(s.getAll())]);
    return kept.map((k, i) => [String(names[i]), k]);
  });
}

/** Keeps the root for a device and drops older records of the same root; false when this browser keeps nothing. */
export async function keepRoot(device: string, root: Bytes, pending: boolean): Promise<boolean> {
  try {
    const wrap = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    const kept: Kept = { wrap, box: await lock(wrap, random(12), root, BOUND), pending };
    const older: string[] = [];
    for (const [name, k] of await all()) {
      const other = await unlock(k.wrap, k.box, BOUND);
      if (name !== device && (!other || same(other, root))) older.push(name);
    }
    await within('readwrite', async (s) => {
      for (const name of older) s.delete(name);
      await settled(s.put(kept, device));
    });
    return true;
  } catch {
    return false; // private windows of some browsers
  }
}

/** The root kept for a device; null when there is none. */
export async function keptRoot(device: string): Promise<Bytes | null> {
  try {
    const kept = await within<Kept | undefined>('readonly', (s) => settled(s.get(device)));
    return kept ? await unlock(kept.wrap, kept.box, BOUND) : null;
  } catch {
    return null;
  }
}

/** Every root kept here, of finished joinings: a mask is used without being signed in. */
export async function keptRoots(): Promise<Bytes[]> {
  try {
    const kept = (await all()).filter(([, k]) => !k.pending);
    const roots = await Promise.all(kept.map(([, k]) => unlock(k.wrap, k.box, BOUND)));
    return roots.filter((r) => r !== null);
  } catch {
    return [];
  }
}

/** Forgets every root of this browser. */
export async function forgetRoots(): Promise<void> {
  await within('readwrite', (s) => settled(s.clear())).catch(() => undefined);
}

/** The hall knows this device now: its record stays, those of abandoned joinings go. */
export async function settle(device: string): Promise<void> {
  try {
    const records = await all();
    await within('readwrite', async (s) => {
      for (const [name, kept] of records) {
        if (name === device) s.put({ ...kept, pending: false }, name);
        else if (kept.pending) s.delete(name);
      }
    });
  } catch {
    // nothing is kept here, so nothing is to be settled
  }
}

/** Forgets the root of a device; true when there was one. */
export async function forget(device: string): Promise<boolean> {
  try {
    return await within('readwrite', async (s) => {
      const had = (await settled(s.count(device))) > 0;
      await settled(s.delete(device));
      return had;
    });
  } catch {
    return false;
  }
}
