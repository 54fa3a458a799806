// Generated from docs/openapi.json by `npm run types`; not for editing.

export interface AddMembersRequest {
  user_ids: string[] | null;
}

/** Absent fields stay as they are; a quota of -1 returns to the server's default. */
export interface AdminUpdateUserRequest {
  disabled?: boolean | null;
  quota_bytes?: number | null;
  role?: "user" | "admin" | null;
}

/** Every error's body: RFC 9457 problem details with a stable code and a hint that says what to do. */
export interface ApiProblem {
  code: string;
  detail: string;
  /** Repeats `detail` for old clients. */
  error: string;
  /** What is wrong with which field of the request. */
  errors?: Record<string, string[]> | null;
  hint: string;
  hints: string[];
  status: number;
  title: string;
  trace_id: string;
  type: string;
}

export interface AppearanceSettings {
  /** The colour from which the palette is made, as #rrggbb; empty for the server's own. */
  seed?: string | null;
  theme?: "system" | "light" | "dark" | null;
}

export interface ChangePasswordRequest {
  current_password: string;
  new_password: string;
}

export interface ChangeRoleRequest {
  role: "owner" | "admin" | "member" | "subscriber" | null;
}

/** A conversation. In an event, which is the same for everybody, the parts about me are absent. */
export interface Chat {
  avatar_url: string | null;
  created_at: string;
  created_by: UserId;
  description: string;
  id: ChatId;
  last_seq: number;
  member_count: number;
  /** Absent for those who are no members. */
  my_role?: "owner" | "admin" | "member" | "subscriber" | null;
  /** Of a direct chat the other's name, to me. */
  name: string;
  peer?: User | null;
  /** What members may do beyond reading. */
  permissions: ChatPermissions;
  public: boolean;
  read_seq?: number | null;
  rev: number;
  type: "direct" | "group" | "channel" | "room" | "saved";
}

/** Somebody who may not come back. */
export interface ChatBan {
  banned_by: UserId;
  created_at: string;
  user: User;
}

/** An opaque id. */
export type ChatId = string;

export interface ChatInvite {
  created_at: string;
  created_by: UserId;
  expires_at: string | null;
  max_uses: number | null;
  token: string;
  url: string;
  uses: number;
}

export interface ChatMember {
  joined_at: string;
  role: "owner" | "admin" | "member" | "subscriber";
  user: User;
}

/** What a chat's plain members may do. Absent parts of a change stay as they are. */
export interface ChatPermissions {
  edit_info?: boolean | null;
  /** Whether who joins later sees what was written before. */
  history?: boolean | null;
  invite?: boolean | null;
  pin?: boolean | null;
  send?: boolean | null;
}

/** My own settings of a chat, the same on all my devices. */
export interface ChatSettings {
  archived: boolean;
  chat_id: ChatId;
  draft: string | null;
  muted_until: string | null;
  pinned: boolean;
}

/** Absent fields stay as they are; null for `muted_until` and `draft` clears them. */
export interface ChatSettingsRequest {
  archived?: boolean | null;
  /** A field whose absence and whose null mean different things. */
  draft?: string | null;
  /** A field whose absence and whose null mean different things. */
  muted_until?: string | null;
  pinned?: boolean | null;
}

/** A chat in my list, with what waits for me there. */
export interface ChatSummary {
  archived: boolean;
  avatar_url: string | null;
  created_at: string;
  created_by: UserId;
  description: string;
  draft: string | null;
  id: ChatId;
  last_message: Message | null;
  last_seq: number;
  member_count: number;
  mentions: number;
  muted: boolean;
  muted_until: string | null;
  /** Absent for those who are no members. */
  my_role?: "owner" | "admin" | "member" | "subscriber" | null;
  /** Of a direct chat the other's name, to me. */
  name: string;
  peer?: User | null;
  /** What members may do beyond reading. */
  permissions: ChatPermissions;
  pinned: boolean;
  public: boolean;
  read_seq?: number | null;
  rev: number;
  type: "direct" | "group" | "channel" | "room" | "saved";
  unread: number;
}

export interface ChunkReceived {
  chunk_index: number;
  received_bytes: number;
  received_chunks: number;
}

/** A channel with the names that others have for its parts. */
export interface CompatChannel {
  avatar_url?: string | null;
  channel_id?: ChatId;
  created_at?: string;
  created_by?: UserId;
  description?: string;
  id?: ChatId;
  is_private?: boolean;
  last_seq?: number;
  member_count?: number;
  /** Absent for those who are no members. */
  my_role?: "owner" | "admin" | "member" | "subscriber" | null;
  /** Of a direct chat the other's name, to me. */
  name?: string;
  owner_id?: UserId;
  peer?: User | null;
  /** What members may do beyond reading. */
  permissions?: ChatPermissions;
  public?: boolean;
  read_seq?: number | null;
  rev?: number;
  type?: "direct" | "group" | "channel" | "room" | "saved";
}

export interface CompatChannelRequest {
  description?: string | null;
  name?: string | null;
  /** `private` keeps it from being found; anything else does not. */
  type?: string | null;
}

export interface CompatChannels {
  channels: CompatChannel[];
}

export interface CompatFile {
  file_id: FileId;
  file_name: string;
  file_size: number;
  file_url: string;
  message_type: string;
  mime_type: string;
}

/** Me, both at the top and under `user`. */
export interface CompatMe {
  email: string | null;
  id: UserId;
  name: string;
  user: User;
  username: string;
}

/** A message with the names that others have for its parts. */
export interface CompatMessage {
  /** Whether it is among my bookmarks. */
  bookmarked?: boolean | null;
  chat_id?: ChatId;
  client_id?: string | null;
  /** Null of a deleted message. */
  content?: string | null;
  created_at?: string;
  deleted_at?: string | null;
  edited_at?: string | null;
  /** When it destroys itself. */
  expires_at?: string | null;
  /** None of its files ever came: it does not count as unread any more. */
  failed_at?: string | null;
  files?: SharedFile[];
  forwarded_from?: MessageId | null;
  forwarded_sender?: Person | null;
  id?: MessageId;
  mentions?: string[];
  /** It is for everybody in the chat (`@all`). */
  mentions_all?: boolean;
  message_type?: string | null;
  pinned?: boolean;
  preview?: LinkPreview | null;
  reactions?: Reaction[];
  reply_to?: MessageId | null;
  /** The number of its last visible change; of two versions the one with the higher rev is newer. */
  rev?: number;
  room_id?: ChatId;
  sender?: Person;
  sender_id?: UserId;
  /** Its number in the chat, without gaps. */
  seq?: number;
  system?: SystemNote | null;
  text?: string | null;
  thread?: MessageId | null;
  thread_count?: number;
  timestamp?: string;
  type?: "text" | "image" | "video" | "audio" | "voice" | "document" | "system";
  user_id?: UserId;
  username?: string | null;
}

/** A room with the names that others have for its parts. */
export interface CompatRoom {
  avatar_url?: string | null;
  created_at?: string;
  created_by?: UserId;
  description?: string;
  id?: ChatId;
  is_private?: boolean;
  last_seq?: number;
  member_count?: number;
  /** Absent for those who are no members. */
  my_role?: "owner" | "admin" | "member" | "subscriber" | null;
  /** Of a direct chat the other's name, to me. */
  name?: string;
  owner_id?: UserId;
  peer?: User | null;
  /** What members may do beyond reading. */
  permissions?: ChatPermissions;
  public?: boolean;
  read_seq?: number | null;
  rev?: number;
  room_id?: ChatId;
  type?: "direct" | "group" | "channel" | "room" | "saved";
}

/** What to say, by whichever of the three names. */
export interface CompatSendRequest {
  client_id?: string | null;
  content?: string | null;
  message?: string | null;
  text?: string | null;
}

/** A sign-in with `token` beside `access_token`. */
export interface CompatSignedIn {
  access_token: string;
  email: string | null;
  expires_in: number;
  id: UserId;
  name: string;
  refresh_token: string | null;
  token: string;
  token_type: string;
  user: User;
  username: string;
}

export interface CompleteUploadRequest {
  /** What the client computed; the upload is complete only if it is the same here. */
  sha256_root?: string | null;
}

export interface CompletedUpload {
  download_url: string;
  file_id: FileId;
  filename: string;
  mime: string;
  sha256_root: string;
  size: number;
  status: "completed";
}

/** The token of the mail that a registration sent, where addresses must be confirmed. */
export interface ConfirmRequest {
  session?: "body" | "cookie" | null;
  token: string;
}

/** The answer to a registration where addresses must be confirmed: the same whether or not the address is known. */
export interface ConfirmationSent {
  email: string;
  /** Seconds until the mail's link ends. */
  expires_in: number;
}

export interface CreateChatInviteRequest {
  /** In seconds; absent for one that does not expire. */
  expires_in?: number | null;
  max_uses?: number | null;
}

export interface CreateChatRequest {
  description?: string | null;
  /** Of a direct chat exactly one: the other. */
  member_ids?: string[] | null;
  name?: string | null;
  permissions?: ChatPermissions | null;
  /** A public channel is found and joined without an invitation; rooms are always public. */
  public?: boolean | null;
  /** The views /groups, /channels and /rooms set it themselves. */
  type?: "direct" | "group" | "channel" | "room" | "saved" | null;
}

export interface CreateInviteRequest {
  /** Seconds; a week when absent. */
  expires_in?: number | null;
  max_uses?: number | null;
}

export interface CreateLinkRequest {
  /** In seconds; null for a link that stays. */
  expires_in?: number | null;
  /** How many visitors may fetch it. */
  max_downloads?: number | null;
  password?: string | null;
}

export interface DebugLogLine {
  at: string;
  category: string;
  event_id: number;
  exception?: string | null;
  level: string;
  message: string;
}

export interface DebugLogs {
  items: DebugLogLine[];
}

export interface DebugStatus {
  bus: string;
  database: string;
  disk_free_bytes: number;
  mail: string;
  managed_bytes: number;
  os: string;
  runtime: string;
  sessions: number;
  started_at: string;
  storage: string;
  threads: number;
  uptime_seconds: number;
  users: number;
  version: string;
  working_set_bytes: number;
}

/** The body may be absent; a password that is given must be right. */
export interface DeleteAccountRequest {
  password?: string | null;
}

/** Whether somebody has a file, for its owner. */
export interface Delivery {
  /** Since when. */
  at: string | null;
  /** Every byte was sent to them, or they said that they have it. */
  delivered: boolean;
  user: Person;
  /** They said that they have it and checked it. */
  verified: boolean;
}

export interface EditMessageRequest {
  content: string | null;
}

/** What a client needs to check every part of a file by itself. */
export interface FileDigests {
  chunk_size: number;
  /** Of each chunk, in hexadecimal digits and at the place of its number. While the file is coming: null for a chunk that is missing before one that is here. */
  sha256: (string | null)[];
}

/** An opaque id. */
export type FileId = string;

/** A link to a file for people without an account: a page, and below it `/download`. */
export interface FileLink {
  created_at: string;
  /** How many visitors have fetched it. */
  downloads: number;
  expires_at: string | null;
  has_password: boolean;
  id: LinkId;
  max_downloads: number | null;
  /** Only in the answer that made it: the server keeps no more of it than its hash. */
  url?: string | null;
}

export interface FileUsage {
  files: number;
  /** 0 when there is no limit. */
  quota_bytes: number;
  used_bytes: number;
}

/** The receiver has every chunk and checked each, on whichever way they came. */
export interface FinishTransferRequest {
  /** Of what is there; compared with the stored file, where there is one. */
  sha256_root?: string | null;
}

export interface ForgotPasswordRequest {
  email: string;
}

/** A chat of mine by its name; of a direct one, the name is the other person's. */
export interface FoundChat {
  id: ChatId;
  name: string;
  type: string;
}

/** A file that was found, and the message that carries it. */
export interface FoundFile {
  chat_id: ChatId;
  created_at: string;
  file: SharedFile;
  message_id: MessageId;
  sender: Person;
}

/** A message that was found, and where it says what was looked for. */
export interface FoundMessage {
  /** Whether it is among my bookmarks. */
  bookmarked?: boolean | null;
  chat_id: ChatId;
  client_id: string | null;
  /** Null of a deleted message. */
  content: string | null;
  created_at: string;
  deleted_at: string | null;
  edited_at: string | null;
  /** When it destroys itself. */
  expires_at: string | null;
  /** None of its files ever came: it does not count as unread any more. */
  failed_at?: string | null;
  files: SharedFile[];
  forwarded_from: MessageId | null;
  forwarded_sender: Person | null;
  /** Parts of `content`, in their order. */
  highlights: Highlight[];
  id: MessageId;
  mentions: string[];
  /** It is for everybody in the chat (`@all`). */
  mentions_all: boolean;
  pinned: boolean;
  preview?: LinkPreview | null;
  reactions: Reaction[];
  reply_to: MessageId | null;
  /** The number of its last visible change; of two versions the one with the higher rev is newer. */
  rev: number;
  sender: Person;
  /** Its number in the chat, without gaps. */
  seq: number;
  system?: SystemNote | null;
  thread: MessageId | null;
  thread_count: number;
  type: "text" | "image" | "video" | "audio" | "voice" | "document" | "system";
}

export interface Health {
  /** Only to loopback, private networks and holders of the metrics token. */
  services?: Record<string, string> | null;
  status: string;
  version: string;
}

/** A part of a text, in UTF-16 code units as JavaScript counts them. */
export interface Highlight {
  length: number;
  start: number;
}

export interface IceServer {
  credential?: string | null;
  urls: string[];
  username?: string | null;
}

/** Servers that help two clients to find each other, as RTCPeerConnection takes them. */
export interface IceServers {
  /** How long the credentials are good, in seconds. */
  expires_in: number;
  ice_servers: IceServer[];
}

export interface InitUploadRequest {
  /** What the message says besides. */
  caption?: string | null;
  chat_id?: ChatId | null;
  /** A power of two from 1 to 64 MiB. */
  chunk_size?: number | null;
  /** Chosen by the client: asked again with the same one, the first upload is the answer. */
  client_id?: string | null;
  /** In seconds. */
  duration?: number | null;
  /** Cleaned, and cut to 255 bytes; its extension stays. */
  filename: string | null;
  height?: number | null;
  /** What it is said to be; the first bytes have the last word. */
  mime?: string | null;
  /** Where it lies in the folder that is being sent. */
  path?: string | null;
  reply_to?: MessageId | null;
  retention?: Retention | null;
  /** Of a file that I have here already: then nothing needs to be sent. */
  sha256_root?: string | null;
  /** In bytes; null when it is not known before the last chunk. */
  size?: number | null;
  thread?: MessageId | null;
  /** A recording of somebody's voice: its message is of the type `voice`. */
  voice?: boolean | null;
  width?: number | null;
}

/** An opaque id. */
export type InviteId = string;

/** What an invitation tells whoever holds it, before they come in. */
export interface InvitedChat {
  description: string;
  member_count: number;
  name: string;
  type: "group" | "channel" | "room";
}

export interface JoinChatRequest {
  token: string | null;
}

/** An opaque id. */
export type LinkId = string;

/** A page behind a link, as the server found it. Nobody's browser asks that page for any of this. */
export interface LinkPreview {
  description?: string | null;
  /** A copy of the page's picture, on this server. */
  image_url?: string | null;
  /** The site's name, else its host. */
  site: string;
  title: string;
  /** The link as it stands in the message. */
  url: string;
}

export interface LoginRequest {
  email?: string | null;
  /** E-mail or user name; any one of the three fields will do. */
  login?: string | null;
  password: string;
  session?: "body" | "cookie" | null;
  /** Six digits of the authenticator app, or a recovery code. */
  totp?: string | null;
  username?: string | null;
}

export interface MarkReadRequest {
  seq: number | null;
}

/** A message. In an event, which is the same for everybody, the parts about me are absent. */
export interface Message {
  /** Whether it is among my bookmarks. */
  bookmarked?: boolean | null;
  chat_id: ChatId;
  client_id: string | null;
  /** Null of a deleted message. */
  content: string | null;
  created_at: string;
  deleted_at: string | null;
  edited_at: string | null;
  /** When it destroys itself. */
  expires_at: string | null;
  /** None of its files ever came: it does not count as unread any more. */
  failed_at?: string | null;
  files: SharedFile[];
  forwarded_from: MessageId | null;
  forwarded_sender: Person | null;
  id: MessageId;
  mentions: string[];
  /** It is for everybody in the chat (`@all`). */
  mentions_all: boolean;
  pinned: boolean;
  preview?: LinkPreview | null;
  reactions: Reaction[];
  reply_to: MessageId | null;
  /** The number of its last visible change; of two versions the one with the higher rev is newer. */
  rev: number;
  sender: Person;
  /** Its number in the chat, without gaps. */
  seq: number;
  system?: SystemNote | null;
  thread: MessageId | null;
  thread_count: number;
  type: "text" | "image" | "video" | "audio" | "voice" | "document" | "system";
}

/** An opaque id. */
export type MessageId = string;

/** A stretch of a chat's history, by ascending seq. */
export interface MessagePage {
  has_more_after: boolean;
  has_more_before: boolean;
  items: Message[];
  /** The chat's rev at the moment of reading: a cursor for the live socket. */
  rev: number;
}

/** A version of an edited message, the first one first; the last is the current one. */
export interface MessageVersion {
  /** Since when it said this. */
  at: string;
  content: string;
}

/** What a person wants to be told of; every device of theirs goes by it. */
export interface NotificationSettings {
  /** A mail that counts what waits, to who has been away for a day: at most one a day. */
  digest?: "off" | "daily" | null;
  level?: "all" | "mentions" | "nothing" | null;
  /** Show what a message says, not only that there is one. */
  preview?: boolean | null;
  /** From this time of day nothing is pushed, as 22:00; empty for no quiet hours. */
  quiet_from?: string | null;
  /** Until this time of day, which may be the next morning. */
  quiet_to?: string | null;
  sound?: boolean | null;
  /** Whose time of day: a zone such as Europe/Berlin; empty for UTC. */
  zone?: string | null;
}

export interface OfferTransferRequest {
  /** A power of two of 1 to 64 MiB, with at most 9,000 chunks; absent, the server's choice. */
  chunk_size?: number | null;
  filename: string | null;
  mime?: string | null;
  receiver_id: UserId | null;
  /** In bytes. */
  size: number | null;
}

/** The answer to an offer. */
export interface OfferedTransfer {
  expires_at: string;
  receiver_ws_url: string;
  sender_ws_url: string;
  transfer: Transfer;
  transfer_id: TransferId;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfChat {
  items: Chat[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfChatBan {
  items: ChatBan[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfChatInvite {
  items: ChatInvite[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfChatMember {
  items: ChatMember[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfChatSummary {
  items: ChatSummary[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfDelivery {
  items: Delivery[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfFileLink {
  items: FileLink[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfFoundFile {
  items: FoundFile[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfFoundMessage {
  items: FoundMessage[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfMessage {
  items: Message[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfMessageVersion {
  items: MessageVersion[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfPushDevice {
  items: PushDevice[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfReceipt {
  items: Receipt[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfRegistrationInvite {
  items: RegistrationInvite[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfRelease {
  items: Release[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfScheduledMessage {
  items: ScheduledMessage[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfSession {
  items: Session[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfSharedFile {
  items: SharedFile[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfSweepDecision {
  items: SweepDecision[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfTransfer {
  items: Transfer[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfUser {
  items: User[];
  next_cursor?: string | null;
}

/** Who wrote: enough to show a name and a picture. */
export interface Person {
  avatar_url: string | null;
  id: UserId;
  name: string;
  username: string;
}

export interface PrivacySettings {
  /** Who may bring me into groups, channels and rooms. */
  groups?: "everyone" | "contacts" | "nobody" | null;
  last_seen?: "everyone" | "contacts" | "nobody" | null;
  /** Who may open a direct chat with me; one that is there already goes on. */
  messages?: "everyone" | "contacts" | "nobody" | null;
  /** Let others see how far I have read; without it they see that messages reached me. */
  read_receipts?: boolean | null;
}

export interface PublishReleaseRequest {
  /** Older clients must not go on without it. */
  mandatory?: boolean;
  notes?: string | null;
  /** A word such as linux-x64, windows, android, web. */
  platform: string;
  sha256?: string | null;
  url: string;
  version: string;
}

/** A message to a channel, which the address names. */
export interface PublishRequest {
  /** Chosen by the client: sent again with the same one, the first message is the answer. */
  client_id?: string | null;
  content?: string | null;
  expires_in?: number | null;
  file_ids?: string[] | null;
  forward_of?: MessageId | null;
  reply_to?: MessageId | null;
  send_at?: string | null;
  thread?: MessageId | null;
}

/** A device of mine that is told while it is closed. It lives as long as the session that made it. */
export interface PushDevice {
  created_at: string;
  /** It is the device that asks. */
  current: boolean;
  /** When the last try failed; null when none did since it was last reached. */
  failed_at: string | null;
  /** Why: a status of the push service, `timeout`, `unreachable` or `private_address`. */
  failure: string | null;
  id: SubscriptionId;
  /** When the push service last took something for it. */
  reached_at: string | null;
  /** The push service's host; the rest of its address is a secret. */
  service: string;
  session_id: SessionId;
}

/** The server's public key, which the browser wants as applicationServerKey: 65 bytes in base64url. */
export interface PushKey {
  public_key: string;
}

/** How many devices are being sent a test; what came of it stands in the list of devices. */
export interface PushTest {
  devices: number;
}

export interface ReactRequest {
  emoji: string | null;
}

export interface Reaction {
  count: number;
  emoji: string;
  /** Whether I am among them. */
  me?: boolean | null;
}

/** Where I have read to, and what is left. */
export interface ReadMark {
  chat_id: ChatId;
  mentions: number;
  read_seq: number;
  unread: number;
}

/** How far a message has come with one member. */
export interface Receipt {
  delivered: boolean;
  read: boolean;
  user: Person;
}

export interface RecoveryCodeList {
  /** Shown once; each signs in once instead of a code. */
  recovery_codes: string[];
}

/** The body may be absent when the cookie is there. */
export interface RefreshRequest {
  refresh_token?: string | null;
  session?: "body" | "cookie" | null;
}

export interface RegisterRequest {
  email: string;
  /** Needed where `registration` is `invite`. */
  invite?: string | null;
  /** The name others see; the user name when absent. */
  name?: string | null;
  /** 8 to 1024 characters of any Unicode; never cut. */
  password: string;
  session?: "body" | "cookie" | null;
  /** The code printed at the first start: makes this account the first admin. */
  setup_code?: string | null;
  username: string;
}

/** An invitation to register; the token is shown once, at its creation. */
export interface RegistrationInvite {
  created_at: string;
  expires_at: string;
  id: InviteId;
  max_uses: number;
  token?: string | null;
  url?: string | null;
  uses: number;
}

/** A version of a client that people can install. */
export interface Release {
  mandatory: boolean;
  notes: string;
  platform: string;
  released_at: string;
  sha256?: string | null;
  url: string;
  version: string;
}

/** How far the receiver is, on a way that the server does not see. */
export interface ReportTransferRequest {
  /** Bytes of verified chunks. */
  received: number | null;
  route?: "direct" | "relay" | "stored" | null;
}

/** Absent fields stay as they are. */
export interface RescheduleRequest {
  content?: string | null;
  send_at?: string | null;
}

export interface ResetPasswordRequest {
  new_password: string;
  token: string;
}

/** How long the server keeps a file. */
export interface Retention {
  /** With `until`: when it goes. */
  at?: string | null;
  /** With `downloads`: how many people or visitors may fetch it. */
  count?: number | null;
  mode: "keep" | "until" | "downloads" | "after_delivery" | null;
}

/** An opaque id. */
export type ScheduledId = string;

/** A message that will be sent later. */
export interface ScheduledMessage {
  chat_id: ChatId;
  content: string;
  /** Why it could not be sent when its time came; null while it waits. */
  failed_code: string | null;
  reply_to: MessageId | null;
  scheduled_id: ScheduledId;
  send_at: string;
  thread: MessageId | null;
}

/** A few of everything that goes by the words. */
export interface SearchAnswer {
  chats: FoundChat[];
  files: FoundFile[];
  messages: FoundMessage[];
  people: User[];
}

export interface SendMessageRequest {
  chat_id: ChatId | null;
  /** Chosen by the client: sent again with the same one, the first message is the answer. */
  client_id?: string | null;
  content?: string | null;
  /** It destroys itself so many seconds after it was sent. */
  expires_in?: number | null;
  file_ids?: string[] | null;
  forward_of?: MessageId | null;
  /** Its links get no preview. */
  no_preview?: boolean | null;
  reply_to?: MessageId | null;
  /** Send it then, not now: at most a year ahead. */
  send_at?: string | null;
  thread?: MessageId | null;
}

/** What anybody may know of a server before signing in. */
export interface ServerCard {
  brand_color: string;
  /** A registration is answered with 202 and goes on with the link of a mail. */
  confirms_mail: boolean;
  name: string;
  /** No admin yet: the next account may become one, with the set-up code. */
  needs_setup: boolean;
  /** Without the set-up code the next account from where this is asked will be an ordinary one. */
  needs_setup_code: boolean;
  registration: "open" | "invite" | "closed";
  /** Whoever asks for it in their settings gets a mail that counts what waits. */
  sends_digests: boolean;
  version: string;
}

/** What an admin may change while the server runs. Absent fields of a PUT stay as they are. */
export interface ServerSettings {
  /** #rrggbb */
  brand_color?: string | null;
  brand_name?: string | null;
  /** Bytes a person may store; 0 for no limit. */
  default_quota_bytes?: number | null;
  registration?: "open" | "invite" | "closed" | null;
}

export interface Session {
  address: string;
  created_at: string;
  /** The session that asks. */
  current: boolean;
  expires_at: string;
  id: SessionId;
  last_used_at: string;
  user_agent: string;
}

/** An opaque id. */
export type SessionId = string;

/** A file as messages show it: the same for everybody who sees it. */
export interface SharedFile {
  created_at: string;
  /** In seconds. */
  duration?: number | null;
  /** When the upload is given up, or when the file goes; null when it stays. */
  expires_at: string | null;
  filename: string;
  height?: number | null;
  id: FileId;
  mime: string;
  owner_id: UserId;
  /** Where it lay in the folder that it was sent with. */
  path?: string | null;
  received_bytes: number;
  retention: Retention;
  /** SHA-256 over the SHA-256 digests of its chunks, in order; null until it is ready. */
  sha256_root: string | null;
  /** Null while it is not known yet. */
  size: number | null;
  state: "uploading" | "ready" | "failed" | "expired" | "removed";
  thumbnail_url?: string | null;
  width?: number | null;
}

/** The answer to register, login and refresh. */
export interface SignedIn {
  access_token: string;
  email: string | null;
  /** Seconds until the access token ends. */
  expires_in: number;
  id: UserId;
  name: string;
  /** Absent in cookie mode. */
  refresh_token?: string | null;
  token_type?: string;
  user: User;
  username: string;
}

/** An address that opens one file without a header or a cookie, as long as the session that asked for it lives. */
export interface SignedUrl {
  expires_at: string;
  url: string;
}

export interface SocketTicket {
  /** Seconds. */
  expires_in: number;
  ticket: string;
}

/** Makes a transfer that is open a stored upload on the same grid. */
export interface StoreTransferRequest {
  retention?: Retention | null;
  /** Of a file that the sender has here already: then nothing needs to be sent. */
  sha256_root?: string | null;
}

export type Stream = string;

export interface SubscribeKeys {
  /** 16 bytes in base64url. */
  auth: string | null;
  /** The browser's public key on P-256, an uncompressed point in base64url. */
  p256dh: string | null;
}

/** What `PushSubscription.toJSON()` gives in a browser, as it is. */
export interface SubscribeRequest {
  /** Where the browser's push service takes messages for it: https, on the open internet. */
  endpoint: string | null;
  keys: SubscribeKeys | null;
}

/** An opaque id. */
export type SubscriptionId = string;

/** What the sweeper is going to do, or would do. */
export interface SweepDecision {
  action: "expire_upload" | "expire_file" | "end_delivered" | "end_fetched" | "set_expiry" | "drop_half_made" | "remove_unused" | "remove_of_deleted" | "give_back_space" | "drop_bytes" | "drop_orphan";
  /** The file, or the name under which its bytes lie. */
  id: FileId;
}

/** What happened in the chat, for the client to put into words of its language. */
export interface SystemNote {
  event: "chat_created" | "chat_renamed" | "user_joined" | "user_left" | "role_changed";
  /** The new name of the chat. */
  name?: string | null;
  role?: string | null;
  user?: Person | null;
}

export interface TotpCodeRequest {
  code: string;
}

export interface TotpSetup {
  secret: string;
  /** otpauth:// for the authenticator app. */
  uri: string;
}

/** A file on its way from one person to another; the server keeps this of it and no byte. */
export interface Transfer {
  chunk_size: number;
  created_at: string;
  ended_at: string | null;
  expires_at: string;
  file_id: FileId | null;
  filename: string;
  id: TransferId;
  mime: string;
  receiver: Person;
  /** Where its receiver connects to the relay. */
  receiver_ws_url: string;
  sender: Person;
  /** Where its sender connects to the relay. */
  sender_ws_url: string;
  size: number;
  state: "offered" | "accepted" | "rejected" | "cancelled" | "done" | "expired";
  total_chunks: number;
}

/** An opaque id. */
export type TransferId = string;

/** Absent fields stay as they are. */
export interface UpdateChatRequest {
  description?: string | null;
  name?: string | null;
  permissions?: ChatPermissions | null;
  public?: boolean | null;
}

export interface UpdateCheck {
  current_version: string;
  latest_version: string | null;
  mandatory: boolean;
  release: Release | null;
  update_available: boolean;
}

/** Absent fields stay as they are. */
export interface UpdateUserRequest {
  bio?: string | null;
  /** Needed to change one's own e-mail address. */
  current_password?: string | null;
  email?: string | null;
  name?: string | null;
  username?: string | null;
}

/** Events of the chats in the answer of the long poll, which are those of the socket. */
export interface UpdatesAnswer {
  epoch: string;
  events: unknown[];
  /** Stands for my own state of every chat as this answer leaves it; the next poll brings it back. */
  state?: string | null;
}

export interface UpdatesRequest {
  /** The rev I have of each chat. */
  cursors?: Record<string, number> | null;
  /** As the last answer gave it. When my own state of some chat is another meanwhile, the answer comes at once with `synced`. Without it only what has a rev does that. */
  state?: string | null;
  /** How long to wait for something, in seconds; at most 55. */
  wait?: number | null;
}

export interface Upload {
  chunk_size: number;
  expires_at: string;
  file_id: FileId;
  /** How many chunks it pays to send beside each other. */
  max_parallel: number;
  message?: Message | null;
  /** The chunks that are here: inclusive ranges. */
  received: number[][];
  /** Null while the size is not known. */
  total_chunks: number | null;
  upload_id: FileId;
  /** A bearer token for the calls of this upload and nothing else. */
  upload_token: string;
}

export interface UploadStatus {
  chunk_size: number;
  expires_at: string;
  received: number[][];
  received_bytes: number;
  size: number | null;
  state: "uploading" | "ready";
  total_chunks: number | null;
  /** A new one; only for who signed in, not for who came with the old one. */
  upload_token?: string | null;
}

/** A person, as the asking person may see them. */
export interface User {
  avatar_url: string | null;
  bio: string;
  /** Whether I block them; in `GET /users/{id}`. */
  blocked?: boolean | null;
  created_at: string;
  /** The account is gone; the name stays beside what it wrote. */
  deleted?: boolean | null;
  /** Only to admins. */
  disabled?: boolean | null;
  /** Only to the person and to admins. */
  email?: string | null;
  /** Whether I follow them; in `GET /users/{id}`. */
  following?: boolean | null;
  id: UserId;
  /** Null when their privacy hides it. */
  last_seen: string | null;
  name: string;
  presence: "online" | "away" | "busy" | "dnd" | "offline" | "invisible";
  /** Only to the person and to admins; null stands for the server's default. */
  quota_bytes?: number | null;
  role: "user" | "admin";
  /** Only to the person and to admins. */
  totp_enabled?: boolean | null;
  username: string;
}

/** An opaque id. */
export type UserId = string;

/** A person's own settings, the same on all their devices. Absent parts of a PUT stay as they are. */
export interface UserSettings {
  appearance?: AppearanceSettings | null;
  /** A language tag such as de or bho; empty for the browser's choice. */
  language?: string | null;
  notifications?: NotificationSettings | null;
  privacy?: PrivacySettings | null;
}
