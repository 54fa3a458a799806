import type { Chat, ChatId, FileId, Message, MessageId, Person, User, UserId, UserSettings } from "../api/types";
import type { PresenceStatus } from "../model";

/** What the live socket carries. The OpenAPI document cannot describe it; docs/protocol.md, Live, does. */

export type Frame = { readonly type?: unknown } & Readonly<Record<string, unknown>>;

export interface Welcome {
  readonly user: User;
  readonly session_id: string;
  readonly server_time: string;
  readonly heartbeat_s: number;
  readonly epoch: string;
}

export interface SyncMember {
  readonly user: Person;
  readonly role: "owner" | "admin" | "member" | "subscriber";
  readonly joined_at: string;
  readonly left?: boolean | null;
}

export interface ChatSync {
  readonly chat: Chat;
  readonly messages: readonly Message[];
  readonly users: readonly Person[];
  readonly members?: readonly SyncMember[] | null;
  readonly rev: number;
  readonly reset: boolean;
}

export interface PeerMarks {
  readonly read: number;
  readonly delivered: number;
}

export interface ChatState {
  readonly id: ChatId;
  readonly rev: number;
  readonly read_seq: number;
  readonly unread: number;
  readonly mentions: number;
  readonly muted_until: string | null;
  readonly pinned: boolean;
  readonly archived: boolean;
  readonly draft: string | null;
  readonly peers?: Readonly<Record<UserId, PeerMarks>> | null;
}

export interface Synced {
  readonly chats: readonly ChatState[];
  readonly removed: readonly ChatId[];
  readonly last: boolean;
}

export interface ReactionChange {
  readonly user_id: UserId;
  readonly emoji: string;
  readonly on: boolean;
}

export interface MessageFrame {
  readonly chat_id: ChatId;
  readonly rev: number;
  readonly message: Message;
  readonly reaction?: ReactionChange | null;
}

export interface ChatFrame {
  readonly chat_id: ChatId;
  readonly rev: number;
  readonly chat?: Chat | null;
}

export interface MemberFrame {
  readonly type: string;
  readonly chat_id: ChatId;
  readonly rev: number;
  readonly user: Person;
  readonly user_id: UserId;
  readonly role: SyncMember["role"];
  readonly joined_at: string;
  readonly member_count: number;
}

export interface MarkFrame {
  readonly type: "read" | "delivered";
  readonly chat_id: ChatId;
  readonly user_id: UserId;
  readonly seq: number;
  readonly unread?: number | null;
  readonly mentions?: number | null;
}

export interface SettingsFrame {
  readonly chat_id: ChatId;
  readonly muted_until: string | null;
  readonly pinned: boolean;
  readonly archived: boolean;
  readonly draft: string | null;
}

export interface PresenceFrame {
  readonly user_id: UserId;
  readonly status: PresenceStatus;
  readonly last_seen: string | null;
}

export interface FileFrame {
  readonly type: string;
  readonly chat_id: ChatId;
  readonly file_id: FileId;
  readonly state: string;
  readonly received: number;
  readonly size: number | null;
}

/** What happened, for whoever shows or counts it. */
export type LiveEvent =
  | { readonly kind: "message"; readonly chatId: ChatId; readonly message: Message; readonly before: Message | null }
  | { readonly kind: "chat"; readonly chatId: ChatId }
  | { readonly kind: "added"; readonly chatId: ChatId }
  | { readonly kind: "reset"; readonly chatId: ChatId }
  | { readonly kind: "gone"; readonly chatId: ChatId }
  | { readonly kind: "person"; readonly person: Person }
  | { readonly kind: "typing"; readonly chatId: ChatId; readonly userId: UserId; readonly on: boolean }
  | { readonly kind: "file"; readonly file: FileFrame }
  | { readonly kind: "presence"; readonly presence: PresenceFrame }
  | { readonly kind: "settings"; readonly settings: UserSettings }
  | { readonly kind: "afresh" }
  | { readonly kind: "status" }
  | { readonly kind: "other"; readonly frame: Frame };

/** What the outbox sends: the fields of `POST /messages` besides the frame's own. */
export interface OutgoingRequest {
  readonly chat_id: ChatId;
  readonly client_id: string;
  readonly content?: string;
  readonly reply_to?: MessageId;
  readonly thread?: MessageId;
  readonly forward_of?: MessageId;
  readonly file_ids?: readonly FileId[];
  readonly send_at?: string;
  readonly expires_in?: number;
}

export const typeOf = (frame: Frame): string => (typeof frame.type === "string" ? frame.type : "");
