import type { ChatId, Message, UserId, UserSettings } from "../api/types";
import { move, readHere, settings, settle, tryRecount } from "./mine";
import { advanceFile, meetMember, renamePerson, synchronise, updateChat } from "./rooms";
import { answered, ask, firstHeld, newLoose, type Loose } from "./loose";
import { emptyState, fresh, type LiveChat, type LiveState } from "./state";
import { hidesReaction, newerOf, waiting } from "./versions";
import {
  typeOf, type ChatFrame, type ChatSync, type FileFrame, type Frame, type LiveEvent, type MarkFrame, type MemberFrame, type MessageFrame, type PresenceFrame,
  type ReactionChange, type SettingsFrame, type Synced, type Welcome,
} from "./wire";

/** Events that came too early are kept to this number a chat; the answer to the question brings them all. */
const mostHeld = 500;

/**
 * Keeps the state in step with what the server sends: frames go in, the state, the events and the questions to ask come
 * out. It knows no socket, no clock and no chance, so that recorded frames can be played to it, and so that every tab that
 * gets the same inputs has the same state. The twin of the Sdk's SyncStore, held to the same traces.
 */
export class SyncStore {
  readonly state: LiveState = emptyState();
  /** Whether the answer that covers every chat is still coming. */
  isCoveringAll = false;
  /** Read marks of this browser that the server has not answered with an event yet. */
  readonly unconfirmedReads = new Map<ChatId, number>();
  readonly #loose = new Map<ChatId, Loose>();
  readonly #questions = new Map<ChatId, number | null>();
  #asking = false;
  #events: LiveEvent[] = [];

  get me(): UserId | null {
    return this.state.me?.id ?? null;
  }

  /** What happened since the last time somebody asked. */
  takeEvents(): readonly LiveEvent[] {
    const taken = this.#events;
    if (taken.length > 0) this.#events = [];
    return taken;
  }

  happened(event: LiveEvent): void {
    this.#events.push(event);
  }

  /** The cursors of a `hello` that has to be sent now; null when nothing is in doubt, or an answer is coming. */
  takeQuestion(): Record<ChatId, number> | null {
    if (this.#asking || this.#questions.size === 0) return null;
    const cursors: Record<ChatId, number> = {};
    for (const [id, lower] of this.#questions) {
      // Of a chat I have just come into, everything is wanted, its members too.
      const chat = this.state.chats.get(id);
      const mine = chat && !this.looseOf(id).isNew ? chat.rev : 0;
      cursors[id] = lower === null ? mine : Math.min(mine, lower);
    }
    this.asked(Object.keys(cursors));
    return cursors;
  }

  /** A question about these chats is on its way. */
  asked(ids: readonly ChatId[]): void {
    this.#asking = true;
    this.#questions.clear();
    for (const id of ids) ask(this.looseOf(id));
  }

  /** The cursors of everything: what the first `hello` of a socket carries, and the one after an overflow. */
  askForAll(): Record<ChatId, number> {
    this.isCoveringAll = true;
    this.asked([...this.state.chats.keys()]);
    return Object.fromEntries([...this.state.chats].map(([id, chat]) => [id, chat.rev]));
  }

  /** The connection is gone, and with it every answer that was on its way. */
  disconnected(): void {
    this.#asking = this.isCoveringAll = false;
    this.#questions.clear();
    this.#loose.clear();
  }

  welcome(welcome: Welcome): void {
    const { state } = this;
    // A cache may know the cursors' epoch and not yet who I am.
    if (state.epoch !== null && (state.epoch !== welcome.epoch || (state.me !== null && state.me.id !== welcome.user.id))) {
      state.chats.clear();
      state.removed.clear();
      this.#loose.clear();
      this.unconfirmedReads.clear();
      this.happened({ kind: "afresh" });
    }
    state.epoch = welcome.epoch;
    state.me = welcome.user;
  }

  /** Takes one object of a frame, whatever it is but the answer to a request. */
  apply(frame: Frame): void {
    const type = typeOf(frame);
    switch (type) {
      case "sync":
        return synchronise(this, frame as unknown as ChatSync);
      case "synced":
        return this.#synced(frame as unknown as Synced);
      case "heads":
        for (const [id, rev] of Object.entries((frame.heads ?? {}) as Record<ChatId, number>)) {
          const known = this.state.chats.get(id);
          if (!known || rev > known.rev) this.question(id);
        }
        return;
      case "read":
      case "delivered":
        return move(this, frame as unknown as MarkFrame);
      case "typing":
        return this.happened({ kind: "typing", chatId: String(frame.chat_id), userId: String(frame.user_id), on: frame.on === true });
      case "presence":
        return this.happened({ kind: "presence", presence: frame as unknown as PresenceFrame });
      case "settings.updated":
        return this.happened({ kind: "settings", settings: frame.settings as UserSettings });
      case "chat.settings":
        return settings(this, frame as unknown as SettingsFrame);
      case "user.updated":
        return renamePerson(this, (frame as unknown as MemberFrame).user);
      case "file.progress":
        advanceFile(this, frame as unknown as FileFrame);
        return this.happened({ kind: "file", file: frame as unknown as FileFrame });
      case "file.ready":
      case "file.failed":
      case "file.removed":
        return this.happened({ kind: "file", file: frame as unknown as FileFrame });
      default:
        return this.#applyNumbered(type, frame);
    }
  }

  /** The acknowledgement of my own send or change: the message is shown at once, the cursor moves only by the rule. */
  acknowledge(message: Message, reaction: ReactionChange | null): void {
    const chat = this.state.chats.get(message.chat_id);
    if (!chat) return;
    if (message.rev !== chat.rev + 1) {
      this.keep(chat, message, reaction);
      return;
    }
    this.#applyMessage({ ...chat, rev: message.rev, chat: { ...chat.chat, rev: message.rev } }, { chat_id: message.chat_id, rev: message.rev, message, reaction });
    this.applyHeld(message.chat_id);
  }

  /** Messages that were read by a call of their own; they say nothing about what happened since. */
  merge(id: ChatId, epoch: string | null, messages: readonly Message[]): void {
    const chat = this.state.chats.get(id);
    // Asked before the first welcome, they are of the server that says it now.
    if (!chat || (epoch !== null && epoch !== this.state.epoch)) return;
    for (const message of messages) this.keep(chat, message, null);
  }

  /** I have read this far here; the server hears of it, and my other devices from there. */
  readHere(id: ChatId, seq: number): boolean {
    return readHere(this, id, seq);
  }

  /** The server has the read mark of this browser, or will not have it. */
  confirm(id: ChatId, readSeq: number): void {
    const wanted = this.unconfirmedReads.get(id);
    if (wanted !== undefined && readSeq >= wanted) this.unconfirmedReads.delete(id);
  }

  // ---- for the modules beside this one

  put(chat: LiveChat): LiveChat {
    this.state.chats.set(chat.chat.id, chat);
    return chat;
  }

  looseOf(id: ChatId): Loose {
    let loose = this.#loose.get(id);
    if (!loose) this.#loose.set(id, (loose = newLoose()));
    return loose;
  }

  isAsked(id: ChatId): boolean {
    return this.isCoveringAll || this.#loose.get(id)?.asked === true;
  }

  /** Whether it is known what waits for me there: a chat comes before its counts. */
  isCounted(id: ChatId): boolean {
    return this.#loose.get(id)?.isUncounted !== true;
  }

  /** Something of the chat is missing: asks for it, unless an answer that will have it is on its way. */
  question(id: ChatId): void {
    if (!this.isAsked(id)) this.doubt(id);
  }

  /** A count cannot be told from what is here: asks for it, after the answer that is on its way. */
  doubt(id: ChatId, rev: number | null = null): void {
    const before = this.#questions.get(id) ?? null;
    this.#questions.set(id, rev === null ? before : before === null ? rev : Math.min(before, rev));
  }

  keep(chat: LiveChat, message: Message, change: ReactionChange | null): void {
    const known = chat.messages.get(message.seq);
    const kept = newerOf(known, message, change, this.me);
    if (!kept) return;
    chat.messages.set(kept.seq, kept);
    this.happened({ kind: "message", chatId: chat.chat.id, message: kept, before: known ?? null });
  }

  remove(id: ChatId): void {
    if (this.state.chats.delete(id)) this.happened({ kind: "gone", chatId: id });
    this.state.removed.add(id);
    this.#loose.delete(id);
    this.#questions.delete(id);
    this.unconfirmedReads.delete(id);
  }

  applyHeld(id: ChatId): void {
    for (;;) {
      const loose = this.#loose.get(id);
      const chat = this.state.chats.get(id);
      if (!loose || !chat || loose.held.size === 0) return;
      const rev = firstHeld(loose);
      if (rev > chat.rev + 1) return;
      const frame = loose.held.get(rev)!;
      loose.held.delete(rev);
      if (rev === chat.rev + 1) this.#applyNext(typeOf(frame), chat, rev, frame);
    }
  }

  /** For a tab that comes later: everything it needs to go on with the same inputs. */
  export(): object {
    return { state: this.state, loose: this.#loose, questions: this.#questions, reads: this.unconfirmedReads, asking: this.#asking, covering: this.isCoveringAll };
  }

  import(from: object): void {
    const other = from as { state: LiveState; loose: Map<ChatId, Loose>; questions: Map<ChatId, number | null>; reads: Map<ChatId, number>; asking: boolean; covering: boolean };
    this.state.status = other.state.status;
    this.state.me = other.state.me;
    this.state.epoch = other.state.epoch;
    const before = new Map(this.state.chats);
    fill(this.state.chats, other.state.chats);
    fill(this.#loose, other.loose);
    fill(this.#questions, other.questions);
    fill(this.unconfirmedReads, other.reads);
    this.state.removed.clear();
    for (const id of other.state.removed) this.state.removed.add(id);
    this.#asking = other.asking;
    this.isCoveringAll = other.covering;
    for (const [id, chat] of this.state.chats) {
      const mine = before.get(id);
      // Pages of this tab are as good as the other's when both heard of the same changes.
      if (mine?.rev === chat.rev) for (const [seq, message] of mine.messages) if (!chat.messages.has(seq)) chat.messages.set(seq, message);
      this.happened({ kind: mine && mine.rev !== chat.rev ? "reset" : "chat", chatId: id });
    }
    for (const id of before.keys()) if (!this.state.chats.has(id)) this.happened({ kind: "gone", chatId: id });
  }

  // ---- the rule for rev

  #applyNumbered(type: string, frame: Frame): void {
    const { chat_id: id, rev } = frame;
    if (typeof id !== "string" || typeof rev !== "number") return this.happened({ kind: "other", frame });
    const chat = this.state.chats.get(id);
    if (!chat) return this.#meetUnknown(type, id, rev, frame);
    if (type === "chat.removed") {
      // It has the rev of the chat's last change, which need not be one I get to see.
      if (rev >= chat.rev) this.remove(id);
    } else if (rev === chat.rev + 1) {
      this.#applyNext(type, chat, rev, frame);
      this.applyHeld(id);
    } else if (rev > chat.rev && type === "chat.created") {
      // I was out of it and am in again, and heard of neither.
      this.remove(id);
      this.#meetUnknown(type, id, rev, frame);
    } else if (rev > chat.rev) {
      this.#hold(id, rev, frame);
      this.question(id);
    }
  }

  #meetUnknown(type: string, id: ChatId, rev: number, frame: Frame): void {
    if (type === "chat.created") {
      this.#created(frame as unknown as ChatFrame);
      this.applyHeld(id);
    } else if (type === "chat.removed") {
      this.state.removed.add(id);
    } else {
      this.#hold(id, rev, frame);
      this.question(id);
    }
  }

  #applyNext(type: string, before: LiveChat, rev: number, frame: Frame): void {
    const chat = { ...before, rev, chat: { ...before.chat, rev } };
    switch (type) {
      case "message":
      case "message.updated":
      case "message.deleted": {
        const happened = frame as unknown as MessageFrame;
        const known = chat.messages.get(happened.message.seq);
        if (hidesReaction(known, chat.chat.last_seq, happened.message, happened.reaction ?? null)) this.question(chat.chat.id);
        else this.#applyMessage(chat, happened);
        break;
      }
      case "chat.created":
      case "chat.updated":
        updateChat(this, chat, (frame as unknown as ChatFrame).chat ?? null);
        break;
      case "member.joined":
      case "member.updated":
      case "member.left":
        meetMember(this, chat, frame as unknown as MemberFrame);
        break;
      default:
        this.put(chat);
        this.happened({ kind: "other", frame });
    }
  }

  #created(created: ChatFrame): void {
    const view = created.chat;
    if (!view) return;
    this.state.removed.delete(view.id);
    this.put({ chat: { ...view, rev: created.rev }, rev: created.rev, messages: new Map(), members: null, peers: new Map(), mine: fresh(view) });
    this.happened({ kind: "added", chatId: view.id });
    // It tells of the chat, not of what was said in it before, who is there, and what waits for me.
    this.looseOf(view.id).isNew = true;
    this.question(view.id);
  }

  #hold(id: ChatId, rev: number, frame: Frame): void {
    const { held } = this.looseOf(id);
    if (held.size < mostHeld) held.set(rev, frame);
  }

  #applyMessage(before: LiveChat, happened: MessageFrame): void {
    const { message } = happened;
    const isNew = message.seq > before.chat.last_seq;
    let chat = this.#count(before, before.messages.get(message.seq), happened, isNew);
    if (isNew) chat = { ...chat, chat: { ...chat.chat, last_seq: message.seq } };
    this.put(chat);
    this.keep(chat, message, happened.reaction ?? null);
    this.happened({ kind: "chat", chatId: chat.chat.id });
  }

  /** What a message's event does to what waits for me there. */
  #count(chat: LiveChat, known: Message | undefined, happened: MessageFrame, isNew: boolean): LiveChat {
    const { message } = happened;
    const id = chat.chat.id;
    if (message.sender.id === this.me || message.type === "system") return chat;
    let [unread, mentions] = [0, 0];
    if (isNew) {
      [unread, mentions] = waiting(message, this.me);
    } else if (known && known.rev < message.rev) {
      const [before, now] = [waiting(known, this.me), waiting(message, this.me)];
      [unread, mentions] = [now[0] - before[0], now[1] - before[1]];
    } else if (message.seq > chat.mine.read_seq && !happened.reaction && (message.deleted_at ?? message.failed_at ?? message.edited_at)) {
      // Whether it called me before is not known here.
      this.doubt(id);
    }
    if (this.isAsked(id)) this.looseOf(id).counted.push({ rev: happened.rev, seq: message.seq, unread, mentions });
    if (message.seq <= chat.mine.read_seq) return chat;
    return { ...chat, mine: { ...chat.mine, unread: chat.mine.unread + unread, mentions: chat.mine.mentions + mentions } };
  }

  /** The answer to a `hello` is complete, or this piece of it. */
  #synced(synced: Synced): void {
    for (const id of synced.removed) this.remove(id);
    for (const mine of synced.chats) {
      const chat = this.state.chats.get(mine.id);
      if (chat) {
        const isNewer = settle(this, chat, mine, this.looseOf(mine.id));
        answered(this.looseOf(mine.id));
        this.applyHeld(mine.id);
        if (this.state.chats.get(mine.id)!.rev < mine.rev) this.question(mine.id);
        if (!isNewer) tryRecount(this, mine.id);
      }
    }
    if (!synced.last) return;
    this.#asking = this.isCoveringAll = false;
    for (const [id, loose] of this.#loose) {
      loose.asked = false;
      loose.isUncounted = false;
      if (loose.isNew || loose.held.size > 0) this.question(id);
    }
  }
}

function fill<K, V>(target: Map<K, V>, source: ReadonlyMap<K, V>): void {
  target.clear();
  for (const [key, value] of source) target.set(key, value);
}
