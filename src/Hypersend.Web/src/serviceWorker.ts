import { signal, type ReadonlySignal } from "@preact/signals";
import type { StreamPort } from "./core/direct/sinks";
import { savePath } from "./core/offline/saving";
import type { FromServiceWorker, ToServiceWorker } from "./core/offline/words";

/** The service worker as the page sees it. A lazy module, for whoever is signed in. */
export interface AppWorker {
  /** A newer app is here and waits until the person takes it. */
  readonly updateReady: ReadonlySignal<boolean>;
  /** Takes it: every tab of the app reloads. */
  update(): void;
  /** A notification was clicked while this page was open. */
  onOpen(hear: (path: string) => void): () => void;
  /** Read here: the chat's notification goes. */
  clear(chatId: string, seq: number): void;
  badge(count: number): void;
  /** Asks the browser; only after the person has allowed notifications. The answer is what POST /push/subscriptions takes. */
  subscribe(publicKey: string): Promise<PushSubscriptionJSON>;
  /** Whether this browser has a subscription made with that key. */
  isSubscribed(publicKey: string): Promise<boolean>;
  unsubscribe(): Promise<void>;
  /** Makes bytes that the page has an ordinary download; null when the service worker does not answer. */
  save(file: { readonly name: string; readonly size: number; readonly mime: string }): Promise<StreamPort | null>;
  /** A long download needs it awake: browsers stop a service worker that nobody talks to. */
  stay(): void;
}

const answerWithinMs = 3_000;

/** Null where the browser has none: on plain http from another machine, in some private windows. */
export async function startServiceWorker(): Promise<AppWorker | null> {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return null;
  let registration: ServiceWorkerRegistration;
  try {
    registration = await navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" });
  } catch {
    // Refused by a setting of the browser: the app works, only not without a network.
    return null;
  }
  const updateReady = signal(false);
  const ears = new Set<(path: string) => void>();
  let taken = false;
  const look = (): void => {
    // The first one ever installs without anything to replace.
    if (registration.waiting && navigator.serviceWorker.controller) updateReady.value = true;
  };
  const follow = (): void => {
    const { installing } = registration;
    installing?.addEventListener("statechange", look);
  };
  registration.addEventListener("updatefound", follow);
  follow();
  look();
  // A tab that lives for days asks now and then; the browser itself asks only on navigations.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => {});
  });
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (updateReady.value && !taken) {
      taken = true;
      location.reload();
    }
  });
  navigator.serviceWorker.addEventListener("message", (event: MessageEvent<FromServiceWorker>) => {
    if (event.data.do === "open") for (const hear of ears) hear(event.data.path);
  });
  void navigator.serviceWorker.ready.then(({ active }) => {
    const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name, location.href));
    say(active, { do: "keep", paths: loaded.filter((url) => url.origin === location.origin).map((url) => url.pathname) });
  });
  const say = (worker: ServiceWorker | null, word: ToServiceWorker): void => worker?.postMessage(word);

  return {
    updateReady,
    update: () => say(registration.waiting, { do: "update" }),
    onOpen(hear) {
      ears.add(hear);
      return () => ears.delete(hear);
    },
    clear: (chatId, seq) => say(registration.active, { do: "clear", chatId, seq }),
    badge: (count) => say(registration.active, { do: "badge", count }),
    async subscribe(publicKey) {
      const before = await registration.pushManager.getSubscription();
      // One made with another key cannot be used, and stands in the way of a new one.
      if (before && !isOf(before, publicKey)) await before.unsubscribe();
      const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(publicKey) });
      return made.toJSON();
    },
    async isSubscribed(publicKey) {
      const found = await registration.pushManager.getSubscription();
      return found !== null && isOf(found, publicKey);
    },
    async unsubscribe() {
      await (await registration.pushManager.getSubscription())?.unsubscribe();
    },
    async save(file) {
      const [bytes, told] = [new MessageChannel(), new MessageChannel()];
      const path = savePath + crypto.randomUUID();
      const isReady = await new Promise<boolean>((resolve) => {
        told.port1.onmessage = () => resolve(true);
        setTimeout(() => resolve(false), answerWithinMs);
        const [port, ear] = [bytes.port2, told.port2] as unknown as [StreamPort, StreamPort];
        registration.active?.postMessage({ do: "save", ...file, path, port, told: ear } satisfies ToServiceWorker, [bytes.port2, told.port2]);
      });
      told.port1.close();
      if (!isReady) return null;
      // A plain link: one with `download` passes service workers by. It answers with an attachment, so the page stays.
      const link = document.createElement("a");
      link.href = path;
      link.click();
      return bytes.port1 as unknown as StreamPort;
    },
    stay: () => say(registration.active, { do: "stay" }),
  };
}

const bytesOf = (base64url: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64url.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

function isOf(subscription: PushSubscription, publicKey: string): boolean {
  const key = subscription.options.applicationServerKey;
  if (!key) return false;
  const wanted = bytesOf(publicKey);
  const has = new Uint8Array(key);
  return has.length === wanted.length && has.every((byte, i) => byte === wanted[i]);
}
