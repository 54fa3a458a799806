import type { Chat, ChatId, Message } from "../api/types";
import type { LiveStatus, OutboxEntry } from "../model";
import { Problem } from "../problem";
import { Lanes, passes } from "./lanes";
import { SyncStore } from "./store";
import { typeOf, type Frame, type LiveEvent, type OutgoingRequest, type ReactionChange, type Welcome } from "./wire";

/** What fits into one frame; chats beyond it are told of as if they were new. */
const mostCursors = 4000;

/** What an acknowledgement with this id will be about. */
type Flight =
  | { readonly kind: "send"; readonly chat: ChatId; readonly clientId: string }
  | { readonly kind: "hello" }
  | { readonly kind: "read"; readonly chat: ChatId; readonly seq: number };

/** What another tab has to hear to be in the same state. */
export type StoreInput =
  | readonly ["welcome", Welcome]
  | readonly ["apply", Frame]
  | readonly ["ask-all"]
  | readonly ["asked", readonly ChatId[]]
  | readonly ["ack", Message, ReactionChange | null]
  | readonly ["read", ChatId, number]
  | readonly ["confirm", ChatId, number]
  | readonly ["gone"]
  | readonly ["status", LiveStatus];

export type OutboxChange = { readonly put: OutboxEntry } | { readonly done: OutboxEntry; readonly message: Message | null };

/** The answer of a tab to an input of the one that leads: the same step on its own store. */
export function replay(store: SyncStore, input: StoreInput): void {
  switch (input[0]) {
    case "welcome": return store.welcome(input[1]);
    case "apply": return store.apply(input[1]);
    case "ask-all": return void store.askForAll();
    case "asked": return store.asked(input[1]);
    case "ack": return store.acknowledge(input[1], input[2]);
    case "read": return void store.readHere(input[1], input[2]);
    case "confirm": return store.confirm(input[1], input[2]);
    case "gone": return store.disconnected();
    case "status":
      store.state.status = input[1];
      return store.happened({ kind: "status" });
  }
}

/**
 * The client's side of the conversation with the server, without the wire: frames go in, frames come out, the state and the
 * outbox move. Nothing here waits, so whoever holds it decides about time. The twin of the Sdk's LiveProtocol.
 */
export class LiveProtocol {
  readonly store: SyncStore;
  readonly lanes = new Lanes();
  readonly #flights = new Map<string, Flight>();
  readonly #arrived = new Map<ChatId, number>();
  #frames: Frame[] = [];
  #events: LiveEvent[] = [];
  #errands: OutboxEntry[] = [];
  #pauses: ChatId[] = [];
  #changes: OutboxChange[] = [];
  #inputs: StoreInput[] = [];
  #open = false;
  #lastId = 0;
  /** The server would not say what was asked, so that this connection is of no more use. */
  broken = false;
  /** Seconds; known from the welcome on. */
  heartbeat: number | null = null;

  constructor(store: SyncStore = new SyncStore()) {
    this.store = store;
  }

  /** What to write now, in order. */
  takeFrames = (): readonly Frame[] => take(this.#frames, (rest) => (this.#frames = rest));
  takeEvents = (): readonly LiveEvent[] => take(this.#events, (rest) => (this.#events = rest));
  /** Messages that begin with a call of their own (files). */
  takeErrands = (): readonly OutboxEntry[] => take(this.#errands, (rest) => (this.#errands = rest));
  /** Chats whose outbox wants to be resumed after a while. */
  takePauses = (): readonly ChatId[] => take(this.#pauses, (rest) => (this.#pauses = rest));
  takeChanges = (): readonly OutboxChange[] => take(this.#changes, (rest) => (this.#changes = rest));
  takeInputs = (): readonly StoreInput[] => take(this.#inputs, (rest) => (this.#inputs = rest));

  get hasArrivals(): boolean {
    return this.#arrived.size > 0;
  }

  setStatus(status: LiveStatus): void {
    if (this.store.state.status === status || this.store.state.status === "ended") return;
    this.#step(["status", status]);
    this.#settle();
  }

  /** Takes what one frame held: an object, or an array of them. */
  receive(frame: unknown): void {
    for (const one of Array.isArray(frame) ? frame : [frame]) {
      if (typeof one === "object" && one !== null) this.#receiveOne(one as Frame);
    }
    this.#settle();
  }

  /** The socket is gone; what was on its way has no answer, the outbox excepted, which tries again. */
  disconnected(): void {
    this.#open = this.broken = false;
    this.#flights.clear();
    this.#frames = [];
    this.#errands = [];
    this.#step(["gone"]);
    for (const entry of this.lanes.disconnected()) this.#changes.push({ put: entry });
  }

  // ---- the outbox

  /** Takes a message on; it goes as soon as it can and is not forgotten before it is stored. */
  send(entry: OutboxEntry): void {
    if (!this.lanes.add(entry)) return;
    this.#changes.push({ put: entry });
    this.#settle();
  }

  retry(id: string): boolean {
    const entry = this.lanes.retry(id);
    if (!entry) return false;
    this.#changes.push({ put: entry });
    this.#settle();
    return true;
  }

  discard(id: string): boolean {
    const entry = this.lanes.discard(id);
    if (!entry) return false;
    this.#changes.push({ done: entry, message: null });
    this.#settle();
    return true;
  }

  /** The pause of a chat is over: what the server put off goes again. */
  resume(chat: ChatId): void {
    this.lanes.resume(chat);
    this.#sayRead(chat);
    this.#settle();
  }

  /** An errand came to its end. */
  stored(chat: ChatId, id: string, message: Message | null): void {
    if (message) this.#step(["ack", message, null]);
    this.#storedEntry(chat, id, message);
    this.#settle();
  }

  refused(chat: ChatId, id: string, problem: Problem): void {
    this.#refusedEntry(chat, id, problem);
    this.#settle();
  }

  // ---- small things to say

  /** The mark moves here at once, and there as soon as there is a connection. */
  markRead(chat: ChatId, seq: number): void {
    const known = this.store.state.chats.get(chat);
    if (!known || seq <= known.mine.read_seq || seq > known.chat.last_seq) return;
    this.#step(["read", chat, seq]);
    this.#sayRead(chat);
    this.#settle();
  }

  /** Typing, presence and the like: said now or never. */
  say(frame: Frame): void {
    if (this.#open) this.#frames.push(frame);
  }

  /** Another tab lacks what came after these revs. */
  doubt(cursors: Readonly<Record<ChatId, number>>): void {
    for (const [id, rev] of Object.entries(cursors)) this.store.doubt(id, rev);
    this.#settle();
  }

  /** Says how far messages have come to this device, once for all that came since the last time. */
  reportArrivals(): void {
    if (this.store.state.status !== "live") return;
    for (const [chat, seq] of this.#arrived) this.#frames.push({ type: "delivered", chat_id: chat, seq });
    this.#arrived.clear();
  }

  merge(chat: ChatId, epoch: string | null, messages: readonly Message[]): void {
    this.store.merge(chat, epoch, messages);
    this.#settle();
  }

  /** A chat that a call of my own just made or opened; its event may come before or after. */
  meet(chat: Chat): void {
    if (this.store.state.chats.has(chat.id)) return;
    this.#step(["apply", { type: "chat.created", chat_id: chat.id, rev: chat.rev, chat }]);
    this.#settle();
  }

  #receiveOne(frame: Frame): void {
    switch (typeOf(frame)) {
      case "welcome":
        return this.#welcome(frame as unknown as Welcome);
      case "ack":
        return this.#acknowledged(frame);
      case "error":
        return this.#refusedFrame(frame);
      case "resync":
        this.#helloAll();
        return this.setStatus("syncing");
      case "pong":
        return;
      default:
        return this.#step(["apply", frame]);
    }
  }

  #welcome(welcome: Welcome): void {
    this.heartbeat = Math.max(1, welcome.heartbeat_s);
    this.#step(["welcome", welcome]);
    this.#open = true;
    this.#helloAll();
    for (const chat of this.store.unconfirmedReads.keys()) this.#sayRead(chat);
    this.setStatus("syncing");
  }

  #acknowledged(frame: Frame): void {
    const flight = this.#takeFlight(frame);
    const message = typeof frame.message === "object" && frame.message !== null ? (frame.message as Message) : null;
    if (!flight) return;
    if (message) this.#step(["ack", message, null]);
    if (flight.kind === "send") this.#storedEntry(flight.chat, flight.clientId, message);
    else if (flight.kind === "read") this.#step(["confirm", flight.chat, flight.seq]);
  }

  #refusedFrame(frame: Frame): void {
    const flight = this.#takeFlight(frame);
    if (!flight) return this.store.happened({ kind: "other", frame });
    const text = (name: string): string => (typeof frame[name] === "string" ? (frame[name] as string) : "");
    const problem = new Problem(400, text("code"), { detail: text("detail"), hint: text("hint") });
    if (flight.kind === "send") this.#refusedEntry(flight.chat, flight.clientId, problem);
    else if (flight.kind === "read" && passes(problem)) this.#pauses.push(flight.chat);
    else if (flight.kind === "read") this.#step(["confirm", flight.chat, flight.seq]);
    // Without the answer to a hello nothing can be told from the events that follow.
    else this.broken = true;
  }

  #storedEntry(chat: ChatId, id: string, message: Message | null): void {
    const entry = this.lanes.done(chat, id);
    if (entry) this.#changes.push({ done: entry, message });
  }

  #refusedEntry(chat: ChatId, id: string, problem: Problem): void {
    const outcome = this.lanes.refused(chat, id, problem);
    if (!outcome) return;
    this.#changes.push({ put: outcome.entry });
    if (outcome.pausing) this.#pauses.push(chat);
  }

  /** After every input: what follows from it goes out. */
  #settle(): void {
    for (let news = this.store.takeEvents(); news.length > 0; news = this.store.takeEvents()) {
      this.#events.push(...news);
      for (const event of news) if (event.kind === "message" && !event.before) this.#meet(event.message);
    }
    if (!this.#open) return;
    if (this.store.state.status === "syncing" && !this.store.isCoveringAll) this.setStatus("live");
    const cursors = this.store.takeQuestion();
    if (cursors) {
      this.#inputs.push(["asked", Object.keys(cursors)]);
      this.#hello(cursors);
    }
    for (const entry of this.lanes.takeNext()) {
      this.#changes.push({ put: entry });
      if (entry.file) this.#errands.push(entry);
      else this.#frames.push({ type: "message.send", id: this.#fly({ kind: "send", chat: entry.chatId, clientId: entry.id }), ...requestOf(entry) });
    }
  }

  /** My own message may come as an event before its acknowledgement does, or instead of it. */
  #meet(message: Message): void {
    if (message.sender.id === this.store.me) {
      if (message.client_id) this.#storedEntry(message.chat_id, message.client_id, message);
      return;
    }
    const chat = this.store.state.chats.get(message.chat_id);
    if (chat && message.seq > chat.mine.read_seq) {
      this.#arrived.set(message.chat_id, Math.max(message.seq, this.#arrived.get(message.chat_id) ?? 0));
    }
  }

  #helloAll(): void {
    const cursors = Object.entries(this.store.askForAll()).slice(0, mostCursors);
    this.#inputs.push(["ask-all"]);
    this.#hello(Object.fromEntries(cursors));
  }

  #hello(cursors: Record<ChatId, number>): void {
    this.#frames.push({ type: "hello", id: this.#fly({ kind: "hello" }), cursors });
  }

  #sayRead(chat: ChatId): void {
    const seq = this.store.unconfirmedReads.get(chat);
    if (!this.#open || seq === undefined) return;
    this.#frames.push({ type: "read", id: this.#fly({ kind: "read", chat, seq }), chat_id: chat, seq });
  }

  #fly(flight: Flight): string {
    const id = String(++this.#lastId);
    this.#flights.set(id, flight);
    return id;
  }

  #takeFlight(frame: Frame): Flight | undefined {
    const id = typeof frame.id === "string" ? frame.id : "";
    const flight = this.#flights.get(id);
    this.#flights.delete(id);
    return flight;
  }

  #step(input: StoreInput): void {
    this.#inputs.push(input);
    replay(this.store, input);
  }
}

export function requestOf(entry: OutboxEntry): OutgoingRequest {
  return {
    chat_id: entry.chatId,
    ...(!entry.forwardOf && (entry.content || entry.fileIds.length === 0) ? { content: entry.content } : {}),
    client_id: entry.id,
    ...(entry.replyTo ? { reply_to: entry.replyTo } : {}),
    ...(entry.thread ? { thread: entry.thread } : {}),
    ...(entry.forwardOf ? { forward_of: entry.forwardOf } : {}),
    ...(entry.fileIds.length > 0 ? { file_ids: entry.fileIds } : {}),
    ...(entry.sendAt ? { send_at: entry.sendAt } : {}),
    ...(entry.expiresIn ? { expires_in: entry.expiresIn } : {}),
  };
}

function take<T>(list: T[], clear: (rest: T[]) => void): readonly T[] {
  if (list.length > 0) clear([]);
  return list;
}

