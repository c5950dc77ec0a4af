// What this device keeps of safe spaces: one table, every row locked under a key
// of the root and named by a hash, so that a copy of the browser's files says
// neither what nor where. Rows come in steps of 4 kB.
import { type Bytes, concat, encode, random, utf8 } from '../account/bytes.ts';
import { lock, sha256, unlock } from '../account/derive.ts';
import { deviceKey, joined } from './derive.ts';

const DATABASE = 'guildhall-held';
const STORE = 'rows';
const STEP = 4096;
const SPACE = 0x20;

/** A device on which nothing can be kept (some private windows). */
export class Unkept extends Error {}

async function within<T>(mode: IDBTransactionMode, use: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  let db: IDBDatabase;
  try {
    db = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(DATABASE, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = opening.onblocked = () => reject(opening.error);
    });
  } catch {
    throw new Unkept();
  }
  db.onversionchange = () => db.close(); // "forget" in another tab
  try {
    return await new Promise<T>((resolve, reject) => {
      const tx = db.transaction(STORE, mode, { durability: 'strict' });
      const asked = use(tx.objectStore(STORE));
      tx.oncomplete = () => resolve(asked.result);
      tx.onabort = tx.onerror = () => reject(tx.error ?? new Unkept());
    });
  } finally {
    db.close();
  }
}

/** The store of one root. */
export class Held {
  private constructor(private readonly key: Bytes) {}

  static async of(root: Bytes): Promise<Held> {
    return new Held(await deviceKey(root));
  }

  async #place(name: string): Promise<string> {
    return encode((await sha256(joined('guildhall/held/1', this.key, name))).slice(0, 16));
  }

  /** What is kept under a name; null when there is nothing, or nothing that this root wrote. */
  async get<T>(name: string): Promise<T | null> {
    const place = await this.#place(name);
    const box = await within<Bytes | undefined>('readonly', (s) => s.get(place));
    const plain = box && (await unlock(this.key, box, utf8(place)));
    return plain ? (JSON.parse(new TextDecoder().decode(plain)) as T) : null;
  }

  /** Keeps a value; when this returns it is on the disk. */
  async put(name: string, value: unknown): Promise<void> {
    const place = await this.#place(name);
    const json = utf8(JSON.stringify(value));
    const pad = new Uint8Array((STEP - (json.length % STEP)) % STEP).fill(SPACE);
    const box = await lock(this.key, random(12), concat(json, pad), utf8(place));
    await within('readwrite', (s) => s.put(box, place));
  }

  async drop(name: string): Promise<void> {
    const place = await this.#place(name);
    await within('readwrite', (s) => s.delete(place));
  }

  /** Changes a row while no other tab does. */
  async change<T>(name: string, begin: T, change: (now: T) => T | Promise<T>): Promise<T> {
    const place = await this.#place(name);
    return alone(`row ${place}`, async () => {
      const next = await change((await this.get<T>(name)) ?? begin);
      await this.put(name, next);
      return next;
    });
  }
}

/** Runs work while no other tab of this browser runs work of that name. */
export async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (!navigator.locks) return work(); // browsers before 2022; two tabs then ask twice, and get the same answer
  return (await navigator.locks.request(`guildhall ${name}`, work)) as T;
}

/** Empties all that this device keeps of safe spaces, whoever's it is. */
export async function forgetAll(): Promise<void> {
  await new Promise<void>((resolve) => {
    const dropping = indexedDB.deleteDatabase(DATABASE);
    dropping.onsuccess = dropping.onerror = dropping.onblocked = () => resolve();
  });
}
