// A small table on this device, in IndexedDB, for what must survive a crash of
// the browser. Every call fails quietly where storage is switched off.

export interface Draft {
  fields: Record<string, string>; // as typed
  base: Record<string, string>; // as the hall had sent them
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const ask = indexedDB.open("drafts", 1);
    ask.onupgradeneeded = () => ask.result.createObjectStore("draft");
    ask.onsuccess = () => resolve(ask.result);
    ask.onerror = () => reject(ask.error);
  });
}

async function run<T>(mode: IDBTransactionMode, act: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const tx = db.transaction("draft", mode);
      const ask = act(tx.objectStore("draft"));
      tx.oncomplete = () => resolve(ask.result);
      tx.onabort = tx.onerror = () => reject(tx.error);
    });
  } finally {
    db.close();
  }
}

export const readDraft = (key: string): Promise<Draft | undefined> =>
  run<Draft | undefined>("readonly", (s) => s.get(key)).catch(() => undefined);

/** Tells whether the draft is safe on this device. */
export const keepDraft = (key: string, draft: Draft): Promise<boolean> =>
  run("readwrite", (s) => s.put(draft, key)).then(
    () => true,
    () => false,
  );

export const dropDraft = (key: string): Promise<unknown> =>
  run("readwrite", (s) => s.delete(key)).catch(() => undefined);
