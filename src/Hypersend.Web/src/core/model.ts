import type { ReadonlySignal } from "@preact/signals-core";
import type {
  Chat, ChatBan, ChatId, ChatInvite, ChatMember, ChatPermissions, CreateChatInviteRequest, FileId, InvitedChat, Message, MessageId, MessageVersion,
  Person, Receipt, Retention, ScheduledMessage, User, UserId, UserSettings,
} from "./api/types";
import type { Directs } from "./direct/model";
import type { Problem } from "./problem";

/** What the screens see of the parts without DOM. Everything that changes is a signal; every action answers or throws a Problem. */

// ---- how the connection is

/** `offline`: no network, or no server; another try comes by itself. `syncing`: catching up. `ended`: sign in again. */
export type LiveStatus = "offline" | "connecting" | "syncing" | "live" | "ended";

// ---- chats

/** A chat of my list. The fields of a `ChatSummary`, kept up to date. */
export interface ChatEntry extends Chat {
  readonly read_seq: number;
  readonly last_message: Message | null;
  readonly unread: number;
  readonly mentions: number;
  readonly pinned: boolean;
  readonly muted: boolean;
  readonly muted_until: string | null;
  readonly archived: boolean;
  readonly draft: string | null;
  /** When the newest message came, or the chat was made: what the list is ordered by. */
  readonly active_at: string;
  /** How far the newest message is when it is mine, for the ticks in the list. */
  readonly last_state: SendState | null;
  /** How many of mine wait to be sent here, and whether one of them failed. */
  readonly pending: number;
  readonly failed: boolean;
  /** The newest of them, where nothing newer came; not what is for later. */
  readonly last_waiting: OutboxEntry | null;
}

export interface Member extends Person {
  readonly role: ChatMember["role"];
  readonly joined_at: string;
}

export interface NewChat {
  readonly type: "direct" | "group" | "channel" | "room" | "saved";
  readonly name?: string;
  readonly description?: string;
  readonly member_ids?: readonly UserId[];
  readonly public?: boolean;
  readonly permissions?: ChatPermissions;
}

export interface Chats {
  /** Mine, archived ones too: pinned first, then by newest activity. */
  readonly chats: ReadonlySignal<readonly ChatEntry[]>;
  /** False until the list is known, from the cache or from the server. */
  readonly ready: ReadonlySignal<boolean>;
  /** Of all chats that are neither muted nor archived: the badge. */
  readonly unread: ReadonlySignal<number>;
  chat(id: ChatId): ReadonlySignal<ChatEntry | null>;
  /** Who is in a small chat, as far as the server tells; null where only `loadMembers` knows. */
  members(id: ChatId): ReadonlySignal<readonly Member[] | null>;
  /** A chat of mine, or a public one I look into before joining. */
  find(id: ChatId): Promise<Chat>;
  create(chat: NewChat): Promise<Chat>;
  /** The direct chat with somebody: made when there is none. */
  openDirect(user: UserId): Promise<Chat>;
  discover(query: string, cursor?: string | null): Promise<Page<Chat>>;
  join(id: ChatId): Promise<Chat>;
  /** What an invitation lets me into. */
  invited(token: string): Promise<InvitedChat>;
  joinByInvite(token: string): Promise<Chat>;
  leave(id: ChatId): Promise<void>;
  remove(id: ChatId): Promise<void>;
  change(id: ChatId, change: { name?: string; description?: string; public?: boolean; permissions?: ChatPermissions }): Promise<Chat>;
  loadMembers(id: ChatId, cursor?: string | null): Promise<Page<ChatMember>>;
  addMembers(id: ChatId, users: readonly UserId[]): Promise<void>;
  removeMember(id: ChatId, user: UserId): Promise<void>;
  setRole(id: ChatId, user: UserId, role: ChatMember["role"]): Promise<void>;
  bans(id: ChatId, cursor?: string | null): Promise<Page<ChatBan>>;
  ban(id: ChatId, user: UserId): Promise<void>;
  unban(id: ChatId, user: UserId): Promise<void>;
  invites(id: ChatId): Promise<readonly ChatInvite[]>;
  invite(id: ChatId, limits?: CreateChatInviteRequest): Promise<ChatInvite>;
  revokeInvite(id: ChatId, token: string): Promise<void>;
  pin(id: ChatId, on: boolean): Promise<void>;
  archive(id: ChatId, on: boolean): Promise<void>;
  /** Null ends it; "forever" is a date far away. */
  mute(id: ChatId, until: Date | "forever" | null): Promise<void>;
  /** Kept here at once, and on my other devices a moment after the last change. */
  draft(id: ChatId, text: string): void;
  /** I have seen everything up to this message. Cheap: call it whenever the newest visible one changes. */
  read(id: ChatId, seq: number): void;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor?: string | null;
}

// ---- messages

/** clock -> tick -> double tick -> read; `failed` waits for retry or discard. */
export type SendState = "queued" | "sending" | "sent" | "delivered" | "read" | "failed";

export interface MessageEntry {
  readonly kind: "message";
  /** The same while it was pending, so that its bubble stays where it is. */
  readonly key: string;
  readonly message: Message;
  readonly mine: boolean;
  /** Null of what is not mine. */
  readonly state: SendState | null;
  /** Deleted here, and still to be taken back. */
  readonly removing: boolean;
  /** An edit of mine that the server does not have yet. */
  readonly editing: boolean;
}

export interface PendingEntry {
  readonly kind: "pending";
  readonly key: string;
  readonly pending: OutboxEntry;
}

export type Entry = MessageEntry | PendingEntry;

/** A stretch of a chat without gaps, with what I am sending at its end when the end is in it. */
export interface MessageWindow {
  readonly chatId: ChatId;
  /** The first message of the thread this window shows; null for the whole chat. */
  readonly thread: MessageId | null;
  readonly items: ReadonlySignal<readonly Entry[]>;
  readonly hasBefore: ReadonlySignal<boolean>;
  readonly hasAfter: ReadonlySignal<boolean>;
  /** False until something, perhaps nothing, is known to be here. */
  readonly ready: ReadonlySignal<boolean>;
  readonly loading: ReadonlySignal<"none" | "before" | "after" | "jump">;
  /** Why the last load failed; another load clears it. */
  readonly error: ReadonlySignal<unknown>;
  /** The first unread message when the chat was opened; fixed until `open` is called again. */
  readonly unreadFrom: ReadonlySignal<number | null>;
  /** Messages after the window, for the "N new" pill. */
  readonly newer: ReadonlySignal<number>;
  /** The newest of what I wrote here that is not sent yet, whether or not it is among the items. */
  readonly newestMine: ReadonlySignal<string | null>;
  /** Between the last message and what waits to be sent some are missing: the end is not at hand. */
  readonly hasGap: ReadonlySignal<boolean>;
  /** Call on entering the chat: sets `unreadFrom` and loads around it, or the end. */
  open(): Promise<void>;
  loadBefore(): Promise<void>;
  loadAfter(): Promise<void>;
  /** Answers the seq to highlight, or null when it is not there. */
  jumpTo(target: number | MessageId): Promise<number | null>;
  /** Until it is there, what waits to be sent stands behind what there is. */
  jumpToEnd(): Promise<void>;
  /** Whether the screen is at the bottom: then new messages come in and old ones go; else the window only grows to its limit. */
  stick(on: boolean): void;
  /** Nobody looks any more: what is far from the end may be forgotten. */
  close(): void;
}

export interface Undoable {
  /** Takes it back; false when it was too late. */
  undo(): boolean;
  /** When it is done for good (or taken back: then `false`). Throws when the server refused. */
  readonly done: Promise<boolean>;
}

export interface Messages {
  /** The same window every time for the same chat. */
  messagesOf(chatId: ChatId): MessageWindow;
  /** The answers of a thread; the message it hangs on is `find(messageId)`. */
  threadOf(messageId: MessageId): MessageWindow;
  /** A message that may be anywhere (a quoted one, a permalink); null when it is gone or not mine to see. */
  find(id: MessageId): Promise<Message | null>;
  /** What is at hand of it, without asking. */
  peek(id: MessageId): Message | null;
  edit(id: MessageId, content: string): Promise<void>;
  /** Hidden at once, deleted after `undoMs` (5 s). */
  remove(ids: readonly MessageId[], undoMs?: number): Undoable;
  react(id: MessageId, emoji: string, on: boolean): Promise<void>;
  pin(id: MessageId, on: boolean): Promise<void>;
  bookmark(id: MessageId, on: boolean): Promise<void>;
  /** What its link leads to is shown no more, to anybody. */
  dropPreview(id: MessageId): Promise<void>;
  /** In order, each as a message of its own; they appear at once as pending. */
  forward(ids: readonly MessageId[], to: readonly ChatId[]): Promise<void>;
  /** The oldest unread message that calls me; null when there is none. */
  nextMention(chatId: ChatId): Promise<number | null>;
  pins(chatId: ChatId): Promise<readonly Message[]>;
  bookmarks(cursor?: string | null): Promise<Page<Message>>;
  versions(id: MessageId): Promise<readonly MessageVersion[]>;
  receipts(id: MessageId): Promise<readonly Receipt[]>;
  scheduled(chatId: ChatId): Promise<readonly ScheduledMessage[]>;
  reschedule(id: string, change: { content?: string; send_at?: string }): Promise<void>;
  unschedule(id: string): Promise<void>;
}

// ---- outbox

export interface OutboxEntry {
  /** Also the `client_id` of the message it becomes. */
  readonly id: string;
  readonly chatId: ChatId;
  readonly content: string;
  readonly replyTo: MessageId | null;
  readonly thread: MessageId | null;
  readonly forwardOf: MessageId | null;
  /** When it carries a file: the transfer of the same id says how far it is. */
  readonly file: FileCard | null;
  readonly fileIds: readonly FileId[];
  readonly sendAt: string | null;
  readonly expiresIn: number | null;
  readonly createdAt: string;
  readonly state: "queued" | "sending" | "failed";
  /** Why it failed. */
  readonly problem: Problem | null;
}

export interface Draft {
  readonly chatId: ChatId;
  readonly content?: string;
  readonly replyTo?: MessageId | null;
  readonly thread?: MessageId | null;
  /** Each becomes a message of its own, in this order; the content is the first one's caption. */
  readonly files?: readonly FileToSend[];
  /** Of files that are on the server already. */
  readonly fileIds?: readonly FileId[];
  readonly sendAt?: string | null;
  /** Seconds until it destroys itself. */
  readonly expiresIn?: number | null;
}

export interface Outbox {
  readonly entries: ReadonlySignal<readonly OutboxEntry[]>;
  of(chatId: ChatId): ReadonlySignal<readonly OutboxEntry[]>;
  /** Shown at once, kept over a reload, sent once and in order. */
  send(draft: Draft): readonly OutboxEntry[];
  retry(id: string): void;
  /** Also cancels its upload. */
  discard(id: string): void;
}

// ---- transfers

export interface FileCard {
  readonly name: string;
  readonly size: number;
  readonly mime: string;
  readonly path?: string | null;
  readonly width?: number | null;
  readonly height?: number | null;
  readonly duration?: number | null;
  readonly voice?: boolean;
  readonly retention?: Retention | null;
  /** An object URL or null; the screens', never stored. */
  readonly preview?: string | null;
}

export interface FileToSend {
  readonly file: Blob & { readonly name?: string; readonly lastModified?: number };
  readonly name?: string;
  readonly path?: string | null;
  readonly width?: number | null;
  readonly height?: number | null;
  readonly duration?: number | null;
  readonly voice?: boolean;
  readonly retention?: Retention | null;
  /** A FileSystemFileHandle, where the browser gave one: a reload then needs no second choice. */
  readonly handle?: unknown;
  /** At most 256 KB, JPEG, PNG or WebP; may arrive while the file is on its way. */
  readonly thumbnail?: Promise<Blob | null> | Blob | null;
  readonly preview?: string | null;
}

/**
 * `waiting`: for its turn or for the network. `needs-file`: after a reload, the same file has to be picked again.
 * `verifying`: all is there, being published. `done`: `verified` says whether both sides computed the same hash.
 */
export type TransferState = "waiting" | "running" | "paused" | "needs-file" | "verifying" | "done" | "failed" | "cancelled";

export interface Transfer {
  readonly id: string;
  readonly kind: "upload";
  readonly chatId: ChatId | null;
  readonly fileId: FileId | null;
  readonly card: FileCard;
  readonly state: TransferState;
  /** Bytes the server has, those on the way included. */
  readonly received: number;
  /** Bytes per second over the last 5 to 10 seconds; 0 when nothing moves. */
  readonly speed: number;
  /** Seconds; null when nobody can tell. */
  readonly eta: number | null;
  readonly verified: boolean;
  /** On plain http the browser has no SHA-256: sent without digests, so it cannot be verified. */
  readonly canVerify: boolean;
  readonly problem: Problem | null;
  /** Another tab of mine carries it. */
  readonly elsewhere: boolean;
  readonly startedAt: string;
}

export interface Transfers {
  readonly transfers: ReadonlySignal<readonly Transfer[]>;
  transfer(id: string): ReadonlySignal<Transfer | null>;
  /** The transfer that carries this file, for the card in a bubble. */
  ofFile(id: FileId): ReadonlySignal<Transfer | null>;
  /** Waiting, running or paused ones. */
  readonly active: ReadonlySignal<number>;
  pause(id: string): void;
  resume(id: string): void;
  cancel(id: string): Promise<void>;
  /** After a reload: the file that was picked again. Throws a Problem `other_file` when it is not the same one. */
  give(id: string, file: File, handle?: unknown): Promise<void>;
  /** Takes what is done, failed or cancelled off the list. */
  clear(): void;
}

// ---- people

export type PresenceStatus = "online" | "away" | "busy" | "dnd" | "invisible" | "offline";

export interface Presence {
  readonly status: PresenceStatus;
  /** Anything but offline. */
  readonly online: boolean;
  /** Null when privacy hides it. */
  readonly lastSeen: string | null;
}

export interface People {
  readonly me: ReadonlySignal<User | null>;
  /** Everybody met so far, by id; null until `load` or an event brings them. */
  person(id: UserId): ReadonlySignal<Person | null>;
  presence(id: UserId): ReadonlySignal<Presence>;
  /** Who writes in this chat right now, the longest first; each expires after six seconds of silence. */
  typing(chatId: ChatId): ReadonlySignal<readonly Person[]>;
  /** Call on every key; says so at most every three seconds, and stops by itself. */
  iType(chatId: ChatId): void;
  iStopped(chatId: ChatId): void;
  /** Whose presence the screen shows now; the newest call of each `owner` counts. */
  watch(owner: string, ids: readonly UserId[]): void;
  /** How I am, for all my devices; `invisible` looks like offline to everybody else. */
  setStatus(status: Exclude<PresenceStatus, "away" | "offline">): void;
  /** Nobody uses this tab, or somebody does again: when all are left alone, I am away. */
  idle(on: boolean): void;
  load(id: UserId): Promise<User>;
  search(query: string, cursor?: string | null): Promise<Page<User>>;
  contacts(cursor?: string | null): Promise<Page<User>>;
  blocked(cursor?: string | null): Promise<Page<User>>;
  follow(id: UserId, on: boolean): Promise<void>;
  block(id: UserId, on: boolean): Promise<void>;
}

// ---- all of it

/** What of a person stays in this browser: of one whose session was ended from elsewhere what nobody else has, of one who logs out nothing. */
export type Keeps = "all" | "unsent" | "nothing";

export interface Messenger {
  /** What is kept in this browser is in its place. */
  readonly recalled: Promise<void>;
  readonly status: ReadonlySignal<LiveStatus>;
  /** This tab holds the connection for all tabs of this account. */
  readonly leading: ReadonlySignal<boolean>;
  readonly chats: Chats;
  readonly messages: Messages;
  readonly outbox: Outbox;
  readonly transfers: Transfers;
  readonly directs: Directs;
  readonly people: People;
  /** What arrived just now from others, once and never history: for sounds, notifications and `role=log`. Every tab hears it; `leading` says which one makes a sound. */
  onArrival(hear: (arrival: { chat: ChatEntry; message: Message }) => void): () => void;
  /** My settings were changed on one of my devices. */
  onSettings(hear: (settings: UserSettings) => void): () => void;
  /** False when the browser refused storage: nothing survives a reload, and the settings screen says so. */
  readonly persistent: ReadonlySignal<boolean>;
  /** Bytes the cache holds, for the settings screen; and forgetting them (outbox kept). */
  cacheSize(): Promise<number>;
  clearCache(): Promise<void>;
  /** The page is being closed: what waited for its time is done now. */
  leaving(): void;
  /** Leaves the connection and every timer. What is kept here stays for the next time, unless it is said otherwise. */
  stop(keeps?: Keeps): Promise<void>;
}
