import type { Clock } from "../clock";
import type { ChatId, Message, UserId } from "../api/types";
import type { LiveChat } from "../live/state";
import type { SyncStore } from "../live/store";
import type { LiveEvent, PeerMarks, SyncMember } from "../live/wire";
import type { OutboxEntry } from "../model";
import type { Records } from "./records";

/** What one account keeps in this browser. Each chat is one record, so that its cursor and its messages are of one moment. */
export interface Cache {
  read(): Promise<CachedState | null>;
  /** Something moved; it is written a moment later, together with what moves until then. */
  changed(store: SyncStore, events: readonly LiveEvent[]): void;
  flush(store: SyncStore): Promise<void>;
  readOutbox(): Promise<readonly OutboxEntry[]>;
  putOutbox(entries: readonly OutboxEntry[]): Promise<void>;
  removeOutbox(id: string): Promise<void>;
  size(): Promise<number>;
  clear(): Promise<void>;
}

export interface CachedState {
  readonly epoch: string;
  readonly chats: readonly LiveChat[];
  /** How far I have read here, where the server has not said that it knows. */
  readonly reads: readonly (readonly [ChatId, number])[];
}

interface Facts {
  readonly epoch: string;
  readonly shape: number;
  readonly reads: readonly (readonly [ChatId, number])[];
}

interface StoredChat extends Omit<LiveChat, "messages" | "members" | "peers"> {
  readonly messages: readonly Message[];
  readonly members: readonly SyncMember[] | null;
  readonly peers: readonly (readonly [UserId, PeerMarks])[];
  readonly at: number;
}

const writeAfterMs = 1_000;
/** Pages are kept of the chats that moved last; of the others the newest message, for the list. */
const chatsWithPages = 60;
const messagesOfPage = 60;
/** Another shape of the records: what an older version wrote is left out and written anew. */
const shape = 1;

export function createCache(records: Records, clock: Clock): Cache {
  const dirty = new Set<ChatId>();
  const gone = new Set<ChatId>();
  let afresh = false;
  let planned: (() => void) | null = null;
  let writing: Promise<void> = Promise.resolve();
  // By the clock, and counted where it stands still: nothing has to be read first, so that two written at once keep their order.
  const places = new Map<string, number>();
  let last = 0;

  async function write(store: SyncStore): Promise<void> {
    planned?.();
    planned = null;
    const { state } = store;
    const [chats, removed, all] = [[...dirty], [...gone], afresh];
    dirty.clear();
    gone.clear();
    afresh = false;
    if (all) await records.clear("chats");
    const paged = new Set([...state.chats.values()].sort((a, b) => newest(b) - newest(a)).slice(0, chatsWithPages).map((chat) => chat.chat.id));
    const puts = chats.flatMap((id) => {
      const chat = state.chats.get(id);
      // With counts that are not known yet it would open as if all of it had been read.
      return chat && store.isCounted(id) ? [[id, stored(chat, paged.has(id) ? messagesOfPage : 1, clock.now())] as const] : [];
    });
    await records.put("chats", puts);
    for (const id of removed) await records.remove("chats", id);
    if (state.epoch !== null) await records.put("facts", [["state", { epoch: state.epoch, shape, reads: [...store.unconfirmedReads] } satisfies Facts]]);
  }

  function placeOf(id: string): number {
    let place = places.get(id);
    if (place === undefined) places.set(id, (place = last = Math.max(last + 1, clock.now())));
    return place;
  }

  return {
    async read() {
      // Both at once: a start waits for them.
      const [facts, chats] = await Promise.all([records.get("facts", "state") as Promise<Facts | undefined>, records.all("chats") as Promise<readonly StoredChat[]>]);
      if (!facts) return null;
      try {
        if (facts.shape !== shape) throw new Error("Another version wrote it.");
        return { epoch: facts.epoch, reads: facts.reads, chats: chats.map(restored) };
      } catch {
        // A cache that cannot be read is worth nothing: the server has it all.
        await records.clear("chats");
        await records.clear("facts");
        return null;
      }
    },
    changed(store, events) {
      for (const event of events) {
        if (event.kind === "afresh") {
          afresh = true;
          for (const id of store.state.chats.keys()) dirty.add(id);
        } else if (event.kind === "gone") {
          dirty.delete(event.chatId);
          gone.add(event.chatId);
        } else if (event.kind === "person") {
          for (const id of store.state.chats.keys()) dirty.add(id);
        } else if (event.kind !== "typing" && "chatId" in event) {
          gone.delete(event.chatId);
          dirty.add(event.chatId);
        }
      }
      if (dirty.size > 0 || gone.size > 0 || afresh) planned ??= clock.after(writeAfterMs, () => (writing = writing.then(() => write(store))));
    },
    async flush(store) {
      await writing;
      if (planned) await write(store);
    },
    readOutbox: async () => ((await records.all("outbox")) as (OutboxEntry & { order: number })[]).sort((a, b) => a.order - b.order),
    async putOutbox(entries) {
      const unknown = entries.some((entry) => entry.state === "failed" && !places.has(entry.id));
      // Refused here and written in another tab: its place is the one it has.
      if (unknown) for (const { id, order } of (await records.all("outbox")) as (OutboxEntry & { order: number })[]) places.set(id, order);
      await records.put("outbox", entries.map((entry) => [entry.id, { ...withoutPreview(entry), order: placeOf(entry.id) }] as const));
    },
    removeOutbox(id) {
      places.delete(id);
      return records.remove("outbox", id);
    },
    size: () => records.size(),
    async clear() {
      await records.clear("chats");
      // What was begun here and is known nowhere else lies there too.
      await records.remove("facts", "state");
    },
  };
}

const newest = (chat: LiveChat): number => Date.parse(chat.messages.get(chat.chat.last_seq)?.created_at ?? chat.chat.created_at) || 0;

/** An object URL of a page means nothing to the next one. */
const withoutPreview = (entry: OutboxEntry): OutboxEntry => (entry.file ? { ...entry, file: { ...entry.file, preview: null } } : entry);

function stored(chat: LiveChat, most: number, at: number): StoredChat {
  const messages: Message[] = [];
  for (let seq = chat.chat.last_seq; messages.length < most; seq--) {
    const message = chat.messages.get(seq);
    if (!message) break;
    messages.push(message);
  }
  return { ...chat, messages: messages.reverse(), members: chat.members && [...chat.members.values()], peers: [...chat.peers], at };
}

function restored({ at: _, ...chat }: StoredChat): LiveChat {
  return {
    ...chat,
    messages: new Map(chat.messages.map((message) => [message.seq, message])),
    members: chat.members && new Map(chat.members.map((member) => [member.user.id, member])),
    peers: new Map(chat.peers),
  };
}
