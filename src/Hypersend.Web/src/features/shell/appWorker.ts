import { effect, signal } from "@preact/signals";
import { i18n, session, t } from "../../app";
import { onLeaving } from "../../personal";
import type { AppWorker } from "../../serviceWorker";
import { go } from "../../ui/router";
import { offer } from "../../ui/Toast";
import { messenger } from "../../talk";

/** Null where the browser has none, and until it is there. */
export const appWorker = signal<AppWorker | null>(null);

/** Installs, opens what a notification leads to, keeps the badge, and offers a newer version without forcing it. */
export async function beginAppWorker(): Promise<() => void> {
  const { startServiceWorker } = await import("../../serviceWorker");
  const worker = await startServiceWorker();
  appWorker.value = worker;
  if (!worker) return () => undefined;
  const ends = [
    worker.onOpen((path) => go(path)),
    // These hear of the end of the account before its screen goes.
    effect(() => worker.badge(messenger.value?.chats.unread.value ?? 0)),
    effect(() => {
      void i18n.language.value;
      if (worker.updateReady.value) offer(t("update.ready"), { text: t("update.now"), run: () => worker.update() });
    }),
    effect(() => {
      for (const chat of messenger.value?.chats.chats.value ?? []) if (chat.unread === 0 && chat.last_seq > 0) seen(worker, chat.id, chat.read_seq);
    }),
  ];
  return () => ends.forEach((end) => end());
}

const told = new Map<string, number>();
onLeaving(() => told.clear());

function seen(worker: AppWorker, chat: string, seq: number): void {
  if (told.get(chat) === seq) return;
  told.set(chat, seq);
  worker.clear(chat, seq);
}

const push = {
  key: () => session.call<{ public_key: string }>({ path: "/push/key" }),
  add: (subscription: PushSubscriptionJSON) => session.call<unknown>({ method: "POST", path: "/push/subscriptions", body: subscription }),
  test: () => session.call<{ devices: number }>({ method: "POST", path: "/push/test" }),
};

/** Lets this browser be told while the app is closed; false where that cannot be, and then an open page still tells. */
export async function subscribePush(): Promise<boolean> {
  const worker = appWorker.peek();
  if (!worker) return false;
  try {
    const { public_key: key } = await push.key();
    await push.add(await worker.subscribe(key));
    return true;
  } catch {
    // No push service to be reached, or one that the server will not talk to.
    return false;
  }
}

export async function isPushed(): Promise<boolean> {
  const worker = appWorker.peek();
  if (!worker) return false;
  return push.key().then(({ public_key: key }) => worker.isSubscribed(key), () => false);
}

export const testPush = push.test;
