import { effect, signal, type ReadonlySignal } from "@preact/signals-core";
import type { Send } from "./api/send";
import type { User } from "./api/types";
import { createChats } from "./chats";
import type { Clock } from "./clock";
import { createDirects } from "./direct/desk";
import type { DirectPorts } from "./direct/ports";
import { Drafts } from "./drafts";
import { Hub } from "./live/hub";
import type { SocketLike } from "./live/lines";
import type { TabChannel, TabLocks } from "./live/tabLine";
import { createMessages } from "./messages";
import type { WindowSizes } from "./messages/window";
import type { Keeps, Messenger } from "./model";
import { createOutbox } from "./outbox";
import { createPeople } from "./people";
import { createCache } from "./storage/cache";
import type { Records } from "./storage/records";
import { createTransfers } from "./transfers";
import type { TransferDesk, TransfersPorts } from "./transfers/ports";

export interface MessengerPorts extends Pick<TransfersPorts, "worker" | "digest" | "openHandle" | "keepAwake"> {
  /** The session's: with the token, renewed when it has to be. */
  readonly api: Send;
  readonly user: ReadonlySignal<User | null>;
  readonly me: User;
  readonly openSocket: () => SocketLike;
  readonly clock: Clock;
  readonly serverNow?: () => number;
  readonly isOnline: () => boolean;
  /** Calls back when the network is back, or the page is looked at again. */
  readonly onNudge: (run: () => void) => () => void;
  readonly records: Records;
  readonly channel: TabChannel | null;
  readonly locks: TabLocks | null;
  readonly newId: () => string;
  readonly sizes: () => WindowSizes;
  readonly direct: Omit<DirectPorts, "uploader" | "records" | "locks" | "newId" | "openHandle" | "digest">;
  /** The session is over. */
  readonly ended: () => void;
}

/** Everything behind the screens of one account, put together. */
export function createMessenger(ports: MessengerPorts): Messenger {
  const { api, me, clock, records, channel, locks, newId, sizes } = ports;
  const cache = createCache(records, clock);
  // The hub carries the outbox to a file's beginning, and the transfers tell their tabs through the hub.
  let desk: TransferDesk | null = null;
  const hub = new Hub({
    api, me, clock, cache, channel, locks, tabId: newId(), serverNow: ports.serverNow, openSocket: ports.openSocket, isOnline: ports.isOnline, ended: ports.ended,
    errand: (entry) => void desk?.begin(entry),
  });
  const { worker, digest, openHandle, keepAwake } = ports;
  const transfers = (desk = createTransfers(hub, { records, locks, worker, digest, openHandle, keepAwake }));
  const directs = createDirects(hub, { ...ports.direct, uploader: worker, records, locks, newId, openHandle, digest });
  const drafts = new Drafts(hub, records);
  const chats = createChats(hub, drafts);
  const messages = createMessages(hub, { sizes, newId, records });
  const quiet = ports.onNudge(() => {
    hub.nudge();
    transfers.nudge();
  });
  const recalled = drafts.recall().then(() => hub.recall());
  void recalled.then(() => hub.start());
  // At the start, and when another tab that carried something is gone.
  const stopLooking = effect(() => {
    if (hub.leading.value || hub.status.value === "live") void transfers.start();
  });
  // Offers that came while there was no line are in the history; and what waits for its next try need not wait any longer.
  const stopListening = effect(() => {
    if (hub.status.value !== "live") return;
    void directs.start();
    transfers.nudge();
  });
  // Logged out, or another account came: this one stops. What is kept is closed or cleared by whoever began it.
  let stopped: Promise<void> | null = null;
  const stopWatching = effect(() => {
    if (ports.user.value?.id !== me.id) queueMicrotask(() => void (stopped ??= leave()));
  });

  async function leave(): Promise<void> {
    messages.leave();
    quiet();
    stopLooking();
    stopListening();
    transfers.stop();
    directs.stop();
    await hub.stop();
  }

  async function stop(keeps: Keeps = "all"): Promise<void> {
    await (stopped ??= leave());
    stopWatching();
    if (keeps === "nothing") return records.destroy();
    if (keeps === "unsent") await cache.clear();
    records.close();
  }

  return {
    recalled,
    status: hub.status,
    leading: hub.leading,
    chats,
    messages,
    outbox: createOutbox(hub, { newId, keepFile: transfers.keep, dropFile: transfers.drop }),
    transfers,
    directs,
    people: createPeople(hub, ports.user),
    onArrival: (hear) =>
      hub.on((events) => {
        // What comes with the answer to a hello is history; only what happens from then on is news.
        if (hub.store.state.status !== "live") return;
        for (const event of events) {
          if (event.kind !== "message" || event.before || event.message.sender.id === me.id || event.message.type === "system") continue;
          const live = hub.store.state.chats.get(event.chatId);
          const chat = chats.chat(event.chatId).peek();
          if (chat && live && event.message.seq === live.chat.last_seq && event.message.seq > chat.read_seq) hear({ chat, message: event.message });
        }
      }),
    onSettings: (hear) =>
      hub.on((events) => {
        for (const event of events) if (event.kind === "settings") hear(event.settings);
      }),
    persistent: signal(records.persistent),
    cacheSize: () => cache.size(),
    clearCache: () => cache.clear(),
    leaving() {
      messages.leave();
      hub.leave();
    },
    stop,
  };
}
