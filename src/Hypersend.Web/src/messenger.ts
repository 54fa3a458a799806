import { session } from "./app";
import { realClock } from "./core/clock";
import type { PeerLike } from "./core/direct/negotiation";
import type { PortLike } from "./core/direct/portLine";
import { privateFolder } from "./core/direct/sinks";
import type { FromDirectWorker, ToDirectWorker } from "./core/direct/words";
import { newId } from "./core/ids";
import { browserChannel, browserLocks } from "./core/live/browserTabs";
import type { SocketLike } from "./core/live/lines";
import { createMessenger } from "./core/messenger";
import type { Messenger } from "./core/model";
import type { FromWorker, ToWorker } from "./core/upload/words";
import { recordsOf } from "./kept";
import { serverTime } from "./time";

/** Where the messenger without DOM meets the browser. A lazy module: nothing of it is loaded before somebody is signed in. */
export async function startMessenger(): Promise<Messenger> {
  const me = session.user.peek();
  if (!me) throw new Error("The messenger starts when somebody is signed in.");
  const phone = matchMedia("(max-width: 599px)");
  const messenger = createMessenger({
    api: session.call,
    user: session.user,
    me,
    openSocket: () => new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`) as SocketLike,
    clock: realClock,
    serverNow: serverTime.now,
    isOnline: () => navigator.onLine,
    onNudge(run) {
      const seen = (): void => {
        if (document.visibilityState === "visible") run();
      };
      addEventListener("online", run);
      document.addEventListener("visibilitychange", seen);
      return () => {
        removeEventListener("online", run);
        document.removeEventListener("visibilitychange", seen);
      };
    },
    records: await recordsOf(me.id),
    channel: browserChannel(me.id),
    locks: browserLocks(),
    newId,
    sizes: () => (phone.matches ? { slice: 40, most: 160 } : { slice: 60, most: 180 }),
    worker(hear) {
      const worker = new Worker(new URL("./workers/upload.ts", import.meta.url), { type: "module" });
      worker.onmessage = (event: MessageEvent<FromWorker>) => hear(event.data);
      return { post: (word: ToWorker) => worker.postMessage(word) };
    },
    // Browsers give SHA-256 to https and to this machine only.
    digest: (crypto.subtle as SubtleCrypto | undefined) ? (bytes) => crypto.subtle.digest("SHA-256", bytes) : null,
    openHandle: openStored,
    keepAwake: createWakeLock(),
    direct: {
      socketBase: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}`,
      worker(hear) {
        const worker = new Worker(new URL("./workers/direct.ts", import.meta.url), { type: "module" });
        worker.onmessage = (event: MessageEvent<FromDirectWorker>) => hear(event.data);
        return { post: (word: ToDirectWorker, transfer: Transferable[]) => worker.postMessage(word, transfer) };
      },
      makePeer: typeof RTCPeerConnection === "undefined" ? null : ({ ice_servers: iceServers }) =>
        new RTCPeerConnection({ iceServers: iceServers as RTCIceServer[] }) as unknown as PeerLike,
      makePort() {
        const { port1, port2 } = new MessageChannel();
        return { mine: port1 as unknown as PortLike, theirs: port2 as unknown as PortLike };
      },
      canSeal: Boolean(crypto.subtle as SubtleCrypto | undefined),
      mayWrite,
      hand: handOver,
      sweep: sweepPrivate,
      keepAwake: createWakeLock(),
    },
    // A call with a bad token has told the session already, which shows the sign-in page.
    ended: () => {},
  });
  // Without this promise a browser short of space may throw away what is kept. It asks nobody.
  void navigator.storage?.persist?.().catch(() => false);
  addEventListener("pagehide", () => messenger.leaving());
  watchAttention((idle) => messenger.people.idle(idle));
  return messenger;
}

const idleAfterMs = 300_000;

/** Tells when nobody has touched the page for a while, or cannot see it, and when somebody is back. */
function watchAttention(tell: (idle: boolean) => void): void {
  let idle = false;
  let timer = 0;
  const say = (now: boolean): void => {
    if (now !== idle) tell((idle = now));
  };
  const touched = (): void => {
    if (document.visibilityState === "hidden") return;
    say(false);
    clearTimeout(timer);
    timer = window.setTimeout(() => say(true), idleAfterMs);
  };
  for (const type of ["pointerdown", "pointermove", "keydown", "scroll"]) addEventListener(type, touched, { passive: true, capture: true });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") return touched();
    clearTimeout(timer);
    // A short look at another window is no absence.
    timer = window.setTimeout(() => say(true), 60_000);
  });
  touched();
}

/** From the browser's private disk to where the browser puts downloads. */
async function handOver(id: string, name: string): Promise<void> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(privateFolder);
  const url = URL.createObjectURL(await (await folder.getFileHandle(id)).getFile());
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser copies it by itself, and does not tell when it has: until then both have to stay.
  setTimeout(() => {
    URL.revokeObjectURL(url);
    void folder.removeEntry(id).catch(() => {});
  }, 600_000);
}

async function sweepPrivate(alive: ReadonlySet<string>): Promise<void> {
  try {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(privateFolder);
    for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys()) if (!alive.has(name)) await folder.removeEntry(name);
  } catch {
    // There is no such folder, or another tab is writing there: the next start looks again.
  }
}

interface StoredHandle {
  queryPermission(wish: { mode: "read" }): Promise<PermissionState>;
  requestPermission(wish: { mode: "read" }): Promise<PermissionState>;
  getFile(): Promise<File>;
}

async function openStored(handle: unknown, ask: boolean): Promise<File | null> {
  const file = handle as Partial<StoredHandle>;
  if (!file.getFile || !file.queryPermission || !file.requestPermission) return null;
  try {
    const may = ask ? await file.requestPermission({ mode: "read" }) : await file.queryPermission({ mode: "read" });
    return may === "granted" ? await file.getFile() : null;
  } catch {
    // It was moved or deleted, or the click is too long ago: the person picks it again.
    return null;
  }
}

interface WrittenHandle {
  queryPermission(wish: { mode: "readwrite" }): Promise<PermissionState>;
  requestPermission(wish: { mode: "readwrite" }): Promise<PermissionState>;
}

async function mayWrite(handle: unknown, ask: boolean): Promise<boolean> {
  const file = handle as Partial<WrittenHandle>;
  if (!file.queryPermission || !file.requestPermission) return false;
  try {
    return (ask ? await file.requestPermission({ mode: "readwrite" }) : await file.queryPermission({ mode: "readwrite" })) === "granted";
  } catch {
    // The click is too long ago: a place is chosen anew.
    return false;
  }
}

/** A sleeping phone stops sending. The browser takes the lock back when the page is hidden, so it is asked for again. */
function createWakeLock(): (on: boolean) => void {
  let wanted = false;
  let lock: Promise<WakeLockSentinel | null> | null = null;
  const take = (): void => {
    if (wanted && document.visibilityState === "visible") lock ??= navigator.wakeLock?.request("screen").catch(() => null) ?? null;
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") lock = null;
    else take();
  });
  return (on) => {
    wanted = on;
    if (on) return take();
    const held = lock;
    lock = null;
    void held?.then((sentinel) => sentinel?.release());
  };
}
