import { signal } from "@preact/signals-core";
import type { ApiRequest, Send } from "../../src/core/api/send";
import type { Chat, Message, Person, User } from "../../src/core/api/types";
import type { Clock } from "../../src/core/clock";
import type { SocketLike } from "../../src/core/live/lines";
import type { TabChannel, TabLocks, TabWord } from "../../src/core/live/tabLine";
import { createMessenger } from "../../src/core/messenger";
import { Problem } from "../../src/core/problem";
import type { TransfersPorts } from "../../src/core/transfers/ports";
import { memoryRecords, type Records } from "../../src/core/storage/records";

export const userOf = (id: string): User => ({
  id, username: id, name: id.toUpperCase(), avatar_url: null, bio: "", role: "user", presence: "online", last_seen: null, created_at: "2026-11-21T09:00:00.000Z",
});
const personOf = (id: string): Person => ({ id, username: id, name: id.toUpperCase(), avatar_url: null });

export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 60; turn++) await Promise.resolve();
};

/** Timers that are fired by hand. */
export class ManualClock implements Clock {
  time = Date.UTC(2026, 10, 21, 10);
  #timers: { at: number; run: () => void }[] = [];
  now = (): number => this.time;
  random = (): number => 0.5;
  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((other) => other !== timer));
  }
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      const next = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.time = Math.max(this.time, next.at);
      next.run();
      await settle();
    }
    this.time = end;
    await settle();
  }
}

/** A small server with one account's chats: enough of the contract for the stores to meet something that answers. */
export class FakeServer {
  readonly chats = new Map<string, { chat: Chat; messages: Message[]; mine: Record<string, unknown>; peers: Record<string, { read: number; delivered: number }> }>();
  readonly sockets = new Set<FakeSocket>();
  readonly calls: ApiRequest[] = [];
  epoch = "e1";
  up = true;
  takesSockets = true;
  /** The end of an answer to a hello, with what waits for me, comes when `finish` is called. */
  pausesInHello = false;
  #ends: (() => void)[] = [];
  refuse: (body: Record<string, unknown>) => Problem | null = () => null;
  #waiting: (() => void)[] = [];

  addChat(id: string, texts: readonly string[] = [], type: Chat["type"] = "group"): void {
    const chat: Chat = {
      id, type, name: id, description: "", avatar_url: null, public: false, created_by: "ben", created_at: "2026-11-21T09:00:00.000Z", member_count: 2,
      permissions: { send: true }, last_seq: 0, rev: 0, my_role: "member", read_seq: 0,
    };
    this.chats.set(id, {
      chat, messages: [], peers: { ben: { read: 0, delivered: 0 } },
      mine: { read_seq: 0, unread: 0, mentions: 0, muted_until: null, pinned: false, archived: false, draft: null },
    });
    for (const text of texts) this.say(id, "ben", text);
  }

  /** Stores a message and tells whoever is connected. */
  say(chatId: string, sender: string, content: string, clientId: string | null = null): Message {
    const room = this.chats.get(chatId)!;
    const known = room.messages.find((message) => clientId !== null && message.client_id === clientId);
    if (known) return known;
    const chat = room.chat as { last_seq: number; rev: number };
    const seq = ++chat.last_seq;
    const rev = ++chat.rev;
    const message: Message = {
      id: `${chatId}.${seq}`, chat_id: chatId, seq, rev, type: "text", sender: personOf(sender), content, client_id: clientId, reply_to: null, thread: null,
      thread_count: 0, files: [], reactions: [], mentions: [], mentions_all: false, pinned: false, edited_at: null, deleted_at: null, expires_at: null,
      forwarded_from: null, forwarded_sender: null, created_at: new Date(Date.UTC(2026, 10, 21, 9, 0, 0, seq)).toISOString(),
    };
    room.messages.push(message);
    room.mine.unread = this.#unreadOf(chatId);
    this.tell({ type: "message", chat_id: chatId, rev, message });
    if (sender === "ana" && room.mine.unread === 0) this.read(chatId, seq);
    return message;
  }

  change(id: string, change: Partial<Message>): void {
    const chatId = id.slice(0, id.lastIndexOf("."));
    const room = this.chats.get(chatId)!;
    const i = room.messages.findIndex((message) => message.id === id);
    const rev = ++(room.chat as { rev: number }).rev;
    const message = (room.messages[i] = { ...room.messages[i]!, ...change, rev });
    room.mine.unread = this.#unreadOf(chatId);
    this.tell({ type: "message.updated", chat_id: chatId, rev, message });
  }

  #unreadOf(chatId: string): number {
    const { messages, mine } = this.chats.get(chatId)!;
    return messages.filter((message) => message.seq > (mine.read_seq as number) && message.sender.id !== "ana" && message.deleted_at === null).length;
  }

  /** My mark moves forward only, and all my devices hear of it. */
  read(chatId: string, seq: number): void {
    const { mine } = this.chats.get(chatId)!;
    if (seq <= (mine.read_seq as number)) return;
    mine.read_seq = seq;
    mine.unread = this.#unreadOf(chatId);
    this.tell({ type: "read", chat_id: chatId, user_id: "ana", seq, unread: mine.unread, mentions: 0 });
  }

  tell(frame: object): void {
    for (const socket of this.sockets) socket.hear(frame);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  cut(code = 1006, reason = ""): void {
    for (const socket of [...this.sockets]) socket.drop(code, reason);
  }

  answerTo(cursors: Record<string, number>, all: boolean): object[] {
    const syncs: object[] = [];
    for (const [id, room] of this.chats) {
      const cursor = cursors[id];
      if (cursor === undefined && !all) continue;
      if (cursor !== undefined && cursor >= room.chat.rev) continue;
      const messages = cursor ? room.messages.filter((message) => message.rev > cursor) : room.messages.slice(-1);
      syncs.push({ type: "sync", chat: room.chat, messages, users: [personOf("ben")], rev: room.chat.rev, reset: !cursor });
    }
    const chats = [...this.chats].filter(([id]) => all || id in cursors).map(([id, room]) => ({ id, rev: room.chat.rev, ...room.mine, peers: room.peers }));
    return [...syncs, { type: "synced", chats, removed: Object.keys(cursors).filter((id) => !this.chats.has(id)), last: true }];
  }

  api: Send = ((request: ApiRequest) => this.answer(request)) as Send;

  protected async answer(request: ApiRequest): Promise<unknown> {
    this.calls.push(request);
    if (!this.up) throw new Problem(0, "offline");
    const body = (request.body ?? {}) as Record<string, unknown>;
    const [path, query] = request.path.split("?");
    if (path === "/auth/ws-ticket") return { ticket: "t", expires_in: 30 };
    if (path === "/users/me") return userOf("ana");
    if (path === "/updates") return this.#updates(body as { cursors: Record<string, number>; wait: number; state: string });
    if (path === "/messages") return this.#store(body);
    const item = /^\/messages\/item\/(.+)$/.exec(path!);
    const page = /^\/messages\/([^/]+)$/.exec(path!);
    if (item) return this.#find(decodeURIComponent(item[1]!));
    if (page && (request.method ?? "GET") === "GET") return this.#page(decodeURIComponent(page[1]!), new URLSearchParams(query));
    if (page && request.method === "PUT") {
      this.change(decodeURIComponent(page[1]!), { content: String(body.content), edited_at: "2026-11-21T09:30:00.000Z" });
      return this.#find(decodeURIComponent(page[1]!));
    }
    if (page && request.method === "DELETE") return this.change(decodeURIComponent(page[1]!), { content: null, deleted_at: "2026-11-21T09:30:00.000Z" });
    const settings = /^\/chats\/(.+)\/settings$/.exec(path!);
    if (settings) {
      const room = this.chats.get(settings[1]!)!;
      room.mine = { ...room.mine, ...body };
      const said = { chat_id: settings[1], muted_until: room.mine.muted_until, pinned: room.mine.pinned, archived: room.mine.archived, draft: room.mine.draft };
      this.tell({ type: "chat.settings", ...said });
      return said;
    }
    throw new Problem(404, "not_found");
  }

  #find(id: string): Message {
    const found = this.chats.get(id.slice(0, id.lastIndexOf(".")))?.messages.find((message) => message.id === id);
    if (!found) throw new Problem(404, "not_found");
    return found;
  }

  #store(body: Record<string, unknown>): Message {
    const refusal = this.refuse(body);
    if (refusal) throw refusal;
    return this.say(String(body.chat_id), "ana", String(body.content), String(body.client_id));
  }

  #page(chatId: string, query: URLSearchParams): object {
    const room = this.chats.get(chatId)!;
    const limit = Number(query.get("limit"));
    const before = Number(query.get("before") ?? Infinity);
    const after = Number(query.get("after") ?? 0);
    const around = query.get("around");
    let items = room.messages.filter((message) => message.seq < before && message.seq > after);
    if (around) items = items.filter((message) => Math.abs(message.seq - Number(around)) <= limit / 2).slice(0, limit);
    else items = query.has("after") ? items.slice(0, limit) : items.slice(-limit);
    return { items, has_more_before: (items[0]?.seq ?? 1) > 1, has_more_after: (items.at(-1)?.seq ?? room.chat.last_seq) < room.chat.last_seq, rev: room.chat.rev };
  }

  async #updates({ cursors, wait, state }: { cursors: Record<string, number>; wait: number; state: string }): Promise<object> {
    const events = (): object[] => {
      const all = this.answerTo(cursors, true);
      return all.length > 1 || state === "" ? all : [];
    };
    let found = events();
    if (found.length === 0 && wait > 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      found = events();
    }
    return { events: found, epoch: this.epoch, state: "s" };
  }

  readonly openSocket = (): SocketLike => new FakeSocket(this);

  finish(): void {
    for (const end of this.#ends.splice(0)) end();
  }

  later(end: () => void): void {
    this.#ends.push(end);
  }

  /** The worker that sends chunks, in this thread; `null` for stories without files. */
  worker = (_: ManualClock): TransfersPorts["worker"] => () => ({ post: () => {} });
}

export class FakeSocket implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly sent: Record<string, unknown>[] = [];
  readonly #server: FakeServer;

  constructor(server: FakeServer) {
    this.#server = server;
    queueMicrotask(() => {
      if (server.up && server.takesSockets) this.onopen?.();
      else this.onclose?.({ code: 1006, reason: "" });
    });
  }

  hear(...frames: object[]): void {
    this.onmessage?.({ data: JSON.stringify(frames.length === 1 ? frames[0] : frames) });
  }

  drop(code: number, reason: string): void {
    this.#server.sockets.delete(this);
    this.onclose?.({ code, reason });
  }

  close(): void {
    this.#server.sockets.delete(this);
  }

  #greeted = false;

  send(text: string): void {
    const frames = [JSON.parse(text) as Record<string, unknown>].flat();
    for (const frame of frames) this.#take(frame);
  }

  #take(frame: Record<string, unknown>): void {
    this.sent.push(frame);
    const server = this.#server;
    switch (frame.type) {
      case "auth":
        server.sockets.add(this);
        return this.hear({ type: "welcome", user: userOf("ana"), session_id: "s", server_time: "", heartbeat_s: 25, epoch: server.epoch });
      case "hello": {
        const frames = server.answerTo(frame.cursors as Record<string, number>, !this.#greeted);
        this.#greeted = true;
        if (!server.pausesInHello) return this.hear(...frames, { type: "ack", id: frame.id });
        this.hear(...frames.slice(0, -1));
        return server.later(() => this.hear(...frames.slice(-1), { type: "ack", id: frame.id }));
      }
      case "message.send": {
        const refusal = server.refuse(frame);
        if (refusal) return this.hear({ type: "error", id: frame.id, code: refusal.code, detail: "", hint: "" });
        const message = server.say(String(frame.chat_id), "ana", String(frame.content), String(frame.client_id));
        return this.hear({ type: "ack", id: frame.id, message });
      }
      case "read":
        server.read(String(frame.chat_id), Number(frame.seq));
        return this.hear({ type: "ack", id: frame.id });
      case "ping":
        return this.hear({ type: "pong" });
    }
  }
}

/** Locks and broadcasts of tabs that live in one process. */
export class FakeBrowser {
  readonly #channels = new Set<{ hear: (word: TabWord) => void }>();
  readonly #held = new Map<string, (() => void)[]>();

  channel(): TabChannel {
    const mine = { hear: (_: TabWord): void => {} };
    this.#channels.add(mine);
    return {
      post: (word) => {
        const copy = structuredClone(word);
        for (const other of this.#channels) if (other !== mine) queueMicrotask(() => this.#channels.has(other) && other.hear(copy));
      },
      listen: (hear) => (mine.hear = hear),
      close: () => this.#channels.delete(mine),
    };
  }

  readonly locks: TabLocks = {
    hold: (name, run) => {
      const queue = this.#held.get(name) ?? [];
      this.#held.set(name, queue);
      queue.push(run);
      if (queue.length === 1) queueMicrotask(run);
      return () => {
        const first = queue[0] === run;
        queue.splice(queue.indexOf(run), 1);
        if (first && queue[0]) queueMicrotask(queue[0]);
      };
    },
    tryHold: async (name) => {
      if (this.#held.get(name)?.length) return null;
      return this.locks.hold(name, () => {});
    },
  };
}

export interface Tab {
  readonly messenger: ReturnType<typeof createMessenger>;
  nudge(): void;
}

let lastId = 0;

export function openTab(server: FakeServer, clock: ManualClock, browser: FakeBrowser | null = null, records: Records = memoryRecords()): Tab {
  const me = userOf("ana");
  let nudge = (): void => {};
  const messenger = createMessenger({
    api: server.api, user: signal(me), me, openSocket: server.openSocket, clock, isOnline: () => server.up, records,
    onNudge: (run) => {
      nudge = run;
      return () => (nudge = () => {});
    },
    channel: browser?.channel() ?? null, locks: browser?.locks ?? null, newId: () => `id-${++lastId}`,
    sizes: () => ({ slice: 20, most: 60 }), ended: () => {},
    worker: server.worker(clock), digest: (bytes) => crypto.subtle.digest("SHA-256", bytes), openHandle: async () => null, keepAwake: () => {},
    direct: {
      socketBase: "ws://server", worker: () => ({ post: () => {} }), makePeer: null, canSeal: false, mayWrite: async () => false, hand: async () => {}, sweep: async () => {}, keepAwake: () => {},
      makePort: () => { throw new Error("Nobody opens a line here."); },
    },
  });
  return { messenger, nudge: () => nudge() };
}

export const texts = (tab: Tab, chat: string): (string | null)[] =>
  tab.messenger.messages.messagesOf(chat).items.value.map((entry) => (entry.kind === "message" ? entry.message.content : `…${entry.pending.content}`));

/** A server with one chat of so many messages, and a tab that has said hello. */
export async function world(count = 3) {
  const server = new FakeServer();
  const clock = new ManualClock();
  server.addChat("film", Array.from({ length: count }, (_, i) => `m${i + 1}`));
  const tab = openTab(server, clock);
  await settle();
  return { server, clock, tab, m: tab.messenger };
}
