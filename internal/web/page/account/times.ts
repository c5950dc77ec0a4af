// When each device was last reached, in IndexedDB of this browser and nowhere else.

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open('reach', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore('last');
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/** Notes when a device was reached; where storage is switched off, nothing is noted. */
export async function keepTime(mark: string, at: number): Promise<void> {
  try {
    const db = await open();
    db.transaction('last', 'readwrite').objectStore('last').put(at, mark);
    db.close();
  } catch {
    // the page then says nothing of earlier times
  }
}

/** The times by device. */
export async function lastTimes(): Promise<Map<string, number>> {
  try {
    const db = await open();
    const store = db.transaction('last').objectStore('last');
    const [keys, values] = await Promise.all([all(store.getAllKeys()), all(store.getAll() as IDBRequest<number[]>)]);
    db.close();
    return new Map(keys.map((k, i) => [String(k), values[i] ?? 0]));
  } catch {
    return new Map();
  }
}

function all<T>(r: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    r.onsuccess = () => resolve(r.result);
    r.onerror = () => reject(r.error);
  });
}
