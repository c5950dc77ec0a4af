// What this device keeps of messages: records in IndexedDB, each locked under a key made
// from the root. Their names tell numbers only.
import { type Bytes, random, utf8 } from '../account/bytes.ts';
import { derive, lock, unlock } from '../account/derive.ts';

const DATABASE = 'guildhall-messages';
const STORE = 'kept';

const settled = <T>(r: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    r.onsuccess = () => resolve(r.result);
    r.onerror = () => reject(r.error ?? new Error('IndexedDB'));
  });

export class Book {
  private constructor(private readonly db: IDBDatabase, private readonly key: CryptoKey, private readonly face: string) {}

  static async open(root: Bytes, face: string): Promise<Book> {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    // Listened to at once: it may be open before the key is made, and says so only once.
    const [db, raw] = await Promise.all([settled(opening), derive(root, 'messages kept')]);
    db.onversionchange = () => db.close(); // a page that was put away does not stand in a newer one's way
    const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
    return new Book(db, key, face);
  }

  private name(name: string): string {
    return `${this.face}/${name}`;
  }

  private async read<T>(name: string, box: Bytes): Promise<T | undefined> {
    const plain = await unlock(this.key, box, utf8(name));
    return plain ? (JSON.parse(new TextDecoder().decode(plain)) as T) : undefined;
  }

  async get<T>(name: string): Promise<T | undefined> {
    const box = await settled<Bytes | undefined>(this.db.transaction(STORE).objectStore(STORE).get(this.name(name)));
    return box && this.read<T>(this.name(name), box);
  }

  /** Every record whose name begins so, in the order of names. */
  async all<T>(prefix: string): Promise<[string, T][]> {
    const from = this.name(prefix);
    const range = IDBKeyRange.bound(from, `${from}\uffff`);
    const store = this.db.transaction(STORE).objectStore(STORE);
    const [names, boxes] = await Promise.all([settled(store.getAllKeys(range)), settled<Bytes[]>(store.getAll(range))]);
    const list: [string, T][] = [];
    for (const [i, box] of boxes.entries()) {
      const value = await this.read<T>(String(names[i]), box);
      if (value !== undefined) list.push([String(names[i]).slice(this.face.length + 1), value]);
    }
    return list;
  }

  /** The names that begin so. */
  async names(prefix: string): Promise<string[]> {
    const from = this.name(prefix);
    const keys = await settled(this.db.transaction(STORE).objectStore(STORE).getAllKeys(IDBKeyRange.bound(from, `${from}\uffff`)));
    return keys.map((k) => String(k).slice(this.face.length + 1));
  }

  /** Bytes that are kept as they are; null when there are none. */
  async bytes(name: string): Promise<Bytes | null> {
    const box = await settled<Bytes | undefined>(this.db.transaction(STORE).objectStore(STORE).get(this.name(name)));
    return box ? unlock(this.key, box, utf8(this.name(name))) : null;
  }

  async putBytes(name: string, bytes: Bytes): Promise<void> {
    await this.write([[this.name(name), await lock(this.key, random(12), bytes, utf8(this.name(name)))]]);
  }

  /** Writes records, all or none; undefined takes one away. */
  async put(changes: Record<string, unknown>): Promise<void> {
    const boxes: [string, Bytes | undefined][] = [];
    for (const [n, value] of Object.entries(changes)) {
      const name = this.name(n);
      boxes.push([name, value === undefined ? undefined : await lock(this.key, random(12), utf8(JSON.stringify(value)), utf8(name))]);
    }
    await this.write(boxes);
  }

  private write(boxes: [string, Bytes | undefined][]): Promise<void> {
    const tx = this.db.transaction(STORE, 'readwrite', { durability: 'strict' });
    const done = new Promise<void>((resolve, reject) => {
      tx.oncomplete = () => resolve();
      tx.onabort = () => reject(tx.error ?? new Error('IndexedDB'));
    });
    for (const [name, box] of boxes) {
      if (box) tx.objectStore(STORE).put(box, name);
      else tx.objectStore(STORE).delete(name);
    }
    return done;
  }
}
