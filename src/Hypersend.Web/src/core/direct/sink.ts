/** Where received bytes go. */
export interface Sink {
  write(position: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Everything is there. */
  close(): Promise<void>;
  /** Nothing of it stays, also when it was closed already. */
  abort(): Promise<void>;
  /** From then on what is written outlives the page; false when that is not worth its price yet. Absent where nothing outlives it. */
  keep?(): Promise<boolean>;
  /** What an earlier page left there; less where there is less. */
  read?(position: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** For what can only be written from the beginning to the end: what comes too early waits. The sender's window bounds how much. */
export function inOrder(append: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>, close: () => Promise<void>, abort: () => Promise<void>): Sink {
  const early = new Map<number, { bytes: Uint8Array<ArrayBuffer>; done: () => void; failed: (error: unknown) => void }>();
  let at = 0;
  let writing = false;

  async function drain(): Promise<void> {
    if (writing) return;
    writing = true;
    for (let next = early.get(at); next; next = early.get(at)) {
      early.delete(at);
      // Whoever takes the bytes may leave nothing of them here.
      const { length } = next.bytes;
      try {
        await append(next.bytes);
        at += length;
        next.done();
      } catch (error) {
        next.failed(error);
        for (const one of early.values()) one.failed(error);
        early.clear();
      }
    }
    writing = false;
  }

  return {
    write: (position, bytes) =>
      new Promise((done, failed) => {
        early.set(position, { bytes, done, failed });
        void drain();
      }),
    close,
    abort,
  };
}
