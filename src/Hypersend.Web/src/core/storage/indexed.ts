import { memoryRecords, type Records, type Shelf } from "./records";

const shelves: readonly Shelf[] = ["facts", "chats", "outbox", "transfers", "files"];
/** A new shelf needs a higher one. */
const version = 1;
const openWithinMs = 3_000;

/** An account's records in IndexedDB, in a database of its own; in memory where the browser refuses. */
export async function openRecords(userId: string): Promise<Records> {
  let database: IDBDatabase;
  try {
    database = await opened(`hypersend.${userId}`);
  } catch {
    return memoryRecords();
  }
  // Another tab with a newer app wants to change the shape: it must not wait for this one.
  database.onversionchange = () => database.close();

  const read = <T>(shelf: Shelf, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => answer(ask(database.transaction(shelf).objectStore(shelf)));
  const write = (shelf: Shelf, change: (store: IDBObjectStore) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction(shelf, "readwrite");
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("The browser did not store it."));
      change(transaction.objectStore(shelf));
    });
  // A full disk or a closed database costs what would have been kept, never what is on the screen.
  const kept = (work: () => Promise<void>): Promise<void> => Promise.resolve().then(work).catch(() => {});
  const found = <T>(work: () => Promise<T>, otherwise: T): Promise<T> => Promise.resolve().then(work).catch(() => otherwise);

  return {
    persistent: true,
    get: (shelf, key) => found(() => read(shelf, (store) => store.get(key)), undefined),
    all: (shelf) => found(() => read(shelf, (store) => store.getAll()), []),
    put: (shelf, records) => (records.length === 0 ? Promise.resolve() : kept(() => write(shelf, (store) => records.forEach(([key, record]) => store.put(record, key))))),
    remove: (shelf, key) => kept(() => write(shelf, (store) => store.delete(key))),
    clear: (shelf) => kept(() => write(shelf, (store) => store.clear())),
    size: async () => {
      const held: (StorageEstimate & { usageDetails?: { indexedDB?: number } }) | null | undefined = await navigator.storage?.estimate?.().catch(() => null);
      // The app's own code lies beside it, and stays.
      return held?.usageDetails?.indexedDB ?? held?.usage ?? 0;
    },
    close: () => database.close(),
    destroy: () => {
      database.close();
      return new Promise((resolve) => {
        const request = indexedDB.deleteDatabase(database.name);
        // Blocked by another tab, it goes when that one closes.
        request.onsuccess = request.onerror = request.onblocked = () => resolve();
      });
    },
  };
}

function opened(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => {
      for (const shelf of shelves) if (!request.result.objectStoreNames.contains(shelf)) request.result.createObjectStore(shelf);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("Storage was refused."));
    request.onblocked = () => reject(new Error("Storage is held by an older tab."));
    // Some browsers never answer after a crash; the app must not wait for them.
    setTimeout(() => reject(new Error("Storage did not answer.")), openWithinMs);
  });
}

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("Storage did not answer."));
  });
