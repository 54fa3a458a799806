import { inOrder, type Sink } from "./sink";

/** Where the receiver wants the file, as it crosses to the worker. */
export type SinkWish =
  /** A file of theirs that the browser's picker gave. */
  | { readonly kind: "file"; readonly handle: FileSystemFileHandle }
  /** A download of the browser's, through the service worker at the other end of the port. */
  | { readonly kind: "stream"; readonly port: StreamPort }
  /** The browser's private disk; from there it is saved when it is whole. */
  | { readonly kind: "private"; readonly name: string };

export type StreamWord =
  | { readonly is: "bytes"; readonly bytes: ArrayBuffer }
  | { readonly is: "end" }
  | { readonly is: "abort" }
  /** The service worker has the port. */
  | { readonly is: "ready" }
  /** There is room for more. */
  | { readonly is: "pull" }
  /** The person ended the download. */
  | { readonly is: "gone" };

export interface StreamPort {
  onmessage: ((event: { data: StreamWord }) => void) | null;
  postMessage(word: StreamWord, transfer: Transferable[]): void;
  close(): void;
}

export const privateFolder = "direct";

/** `again`: an earlier page left something there. */
export async function openSink(wish: SinkWish, again: boolean): Promise<Sink> {
  switch (wish.kind) {
    case "file":
      return fileSink(wish.handle, again);
    case "stream":
      return streamSink(wish.port);
    case "private":
      return privateSink(wish.name, again);
  }
}

const leastKept = 16 * 1024 * 1024;

async function fileSink(handle: FileSystemFileHandle & { remove?(): Promise<void> }, again: boolean): Promise<Sink> {
  const before = await handle.getFile();
  let file = await handle.createWritable({ keepExistingData: again });
  let kept = again ? before.size : 0;
  let fresh = 0;
  // The picker makes an empty one; what was there before, and is to be replaced, stays until the last byte is judged.
  let isOurs = again || before.size === 0;
  // The browser writes one after the other; asked for at once, a failure would be heard of for each.
  let last: Promise<void> = Promise.resolve();
  const next = (work: () => Promise<void>): Promise<void> => (last = last.then(work));
  return {
    write: (position, bytes) => next(async () => {
      await file.write({ type: "write", position, data: bytes });
      fresh += bytes.length;
    }),
    close: () => next(async () => {
      isOurs = true;
      await file.close();
    }),
    async abort() {
      await file.abort();
      // Half a file under its whole name is of no use to anybody.
      if (isOurs) await handle.remove?.();
    },
    async keep() {
      // The browser writes into a copy, which becomes the file when it is closed, and makes a new copy to go on: as often as what there is doubles.
      if (fresh < Math.max(leastKept, kept)) return false;
      await next(async () => {
        isOurs = true;
        await file.close();
        kept += fresh;
        fresh = 0;
        file = await handle.createWritable({ keepExistingData: true });
      });
      return true;
    },
    read: async (position, length) => new Uint8Array(await before.slice(position, position + length).arrayBuffer()),
  };
}

/** Workers only, so that the page's own types do not have it. */
interface SyncFile {
  truncate(size: number): void;
  read(into: Uint8Array<ArrayBuffer>, how: { at: number }): number;
  write(bytes: Uint8Array<ArrayBuffer>, how: { at: number }): number;
  flush(): void;
  close(): void;
}

const handOverMs = 200;
const handOverTries = 15;

async function privateSink(name: string, again: boolean): Promise<Sink> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(privateFolder, { create: true });
  const handle = (await folder.getFileHandle(name, { create: true })) as unknown as { createSyncAccessHandle(): Promise<SyncFile> };
  let file: SyncFile | null = null;
  for (let tries = 1; !file; tries++) {
    try {
      file = await handle.createSyncAccessHandle();
    } catch (error) {
      // The page before this one has not let go of it yet.
      if (tries === handOverTries) throw error;
      await new Promise((resolve) => setTimeout(resolve, handOverMs));
    }
  }
  return openPrivate(file, again, () => folder.removeEntry(name));
}

function openPrivate(file: SyncFile, again: boolean, remove: () => Promise<void>): Sink {
  if (!again) file.truncate(0);
  return {
    async write(position, bytes) {
      // A full disk answers with fewer bytes, or throws.
      if (file.write(bytes, { at: position }) < bytes.length) throw new DOMException("The disk is full.", "QuotaExceededError");
    },
    async close() {
      file.flush();
      file.close();
    },
    async abort() {
      file.close();
      await remove();
    },
    async keep() {
      file.flush();
      return true;
    },
    async read(position, length) {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, file.read(bytes, { at: position }));
    },
  };
}

export function streamSink(port: StreamPort): Sink {
  let room = 0;
  let gone = false;
  let wake: (() => void) | null = null;
  port.onmessage = ({ data }) => {
    if (data.is === "pull") room++;
    if (data.is === "gone") gone = true;
    wake?.();
    wake = null;
  };
  /** A download that has all its bytes is a file. The last ones stay here until it may be one. */
  let held: Uint8Array<ArrayBuffer> | null = null;
  async function hand(): Promise<void> {
    while (held && room === 0 && !gone) await new Promise<void>((resolve) => (wake = resolve));
    if (gone) throw new DOMException("The download was ended.", "AbortError");
    if (!held) return;
    room--;
    port.postMessage({ is: "bytes", bytes: held.buffer }, [held.buffer]);
    held = null;
  }
  return inOrder(
    async (bytes) => {
      await hand();
      held = bytes;
    },
    async () => {
      await hand();
      port.postMessage({ is: "end" }, []);
    },
    async () => {
      port.postMessage({ is: "abort" }, []);
    },
  );
}
