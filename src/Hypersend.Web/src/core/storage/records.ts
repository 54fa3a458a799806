/** The one place where bytes of an account lie in the browser: a few named shelves of records. */
export type Shelf = "facts" | "chats" | "outbox" | "transfers" | "files";

export interface Records {
  /** False when the browser refused: then everything lasts as long as the page. */
  readonly persistent: boolean;
  get(shelf: Shelf, key: string): Promise<unknown>;
  all(shelf: Shelf): Promise<readonly unknown[]>;
  put(shelf: Shelf, records: readonly (readonly [key: string, record: unknown])[]): Promise<void>;
  remove(shelf: Shelf, key: string): Promise<void>;
  clear(shelf: Shelf): Promise<void>;
  /** Bytes, as far as the browser tells. */
  size(): Promise<number>;
  close(): void;
  /** Nothing of the account stays in this browser. */
  destroy(): Promise<void>;
}

/** For Node, and for browsers that refuse storage. */
export function memoryRecords(): Records {
  const shelves = new Map<Shelf, Map<string, unknown>>();
  const shelf = (name: Shelf): Map<string, unknown> => {
    let found = shelves.get(name);
    if (!found) shelves.set(name, (found = new Map()));
    return found;
  };
  return {
    persistent: false,
    get: async (name, key) => shelf(name).get(key),
    all: async (name) => [...shelf(name).values()],
    put: async (name, records) => {
      for (const [key, record] of records) shelf(name).set(key, structuredClone(record));
    },
    remove: async (name, key) => void shelf(name).delete(key),
    clear: async (name) => shelf(name).clear(),
    size: async () => 0,
    close: () => {},
    destroy: async () => shelves.clear(),
  };
}
