import type { Chat, ChatId, Message, Person, User, UserId } from "../api/types";
import type { LiveStatus } from "../model";
import type { PeerMarks, SyncMember } from "./wire";

/** What is mine alone in a chat. */
export interface MyChatState {
  readonly read_seq: number;
  readonly unread: number;
  readonly mentions: number;
  readonly muted_until: string | null;
  readonly pinned: boolean;
  readonly archived: boolean;
  readonly draft: string | null;
}

/**
 * A chat as far as I have it. A change makes a new object, but its messages stay one map: copying ten thousand of them for
 * each new one would be felt.
 */
export interface LiveChat {
  readonly chat: Chat;
  /** Up to which change I have everything: the cursor. */
  readonly rev: number;
  readonly messages: Map<number, Message>;
  /** Who is in a small chat; null where only the server knows. */
  readonly members: ReadonlyMap<UserId, SyncMember> | null;
  readonly peers: ReadonlyMap<UserId, PeerMarks>;
  readonly mine: MyChatState;
}

export interface LiveState {
  status: LiveStatus;
  me: User | null;
  /** Which life of the database the cursors belong to. */
  epoch: string | null;
  readonly chats: Map<ChatId, LiveChat>;
  readonly removed: Set<ChatId>;
}

export const emptyState = (): LiveState => ({ status: "offline", me: null, epoch: null, chats: new Map(), removed: new Set() });

export const fresh = (view: Chat): MyChatState => ({
  read_seq: view.read_seq ?? view.last_seq,
  unread: 0,
  mentions: 0,
  muted_until: null,
  pinned: false,
  archived: false,
  draft: null,
});

export const newestOf = (chat: LiveChat): Message | null => chat.messages.get(chat.chat.last_seq) ?? null;

export const samePerson = (one: Person | null, other: Person | null): boolean =>
  one === other ||
  (one !== null && other !== null && one.id === other.id && one.name === other.name && one.username === other.username && one.avatar_url === other.avatar_url);
