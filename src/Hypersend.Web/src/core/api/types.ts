// Generated from docs/openapi.json by `npm run types`; not for editing.

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

/** Me, both at the top and under `user`. */
export interface CompatMe {
  email: string | null;
  id: UserId;
  name: string;
  user: User;
  username: string;
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

export interface CreateInviteRequest {
  /** Seconds; a week when absent. */
  expires_in?: number | null;
  max_uses?: number | null;
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

export interface ForgotPasswordRequest {
  email: string;
}

export interface Health {
  /** Only to loopback, private networks and holders of the metrics token. */
  services?: Record<string, string> | null;
  status: string;
  version: string;
}

/** An opaque id. */
export type InviteId = string;

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

/** What a person wants to be told of; every device of theirs goes by it. */
export interface NotificationSettings {
  level?: "all" | "mentions" | "nothing" | null;
  /** Show what a message says, not only that there is one. */
  preview?: boolean | null;
  sound?: boolean | null;
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
export interface PageOfSession {
  items: Session[];
  next_cursor?: string | null;
}

/** One page of a list; `next_cursor` is null on the last one. */
export interface PageOfUser {
  items: User[];
  next_cursor?: string | null;
}

export interface PrivacySettings {
  last_seen?: "everyone" | "contacts" | "nobody" | null;
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

export interface ResetPasswordRequest {
  new_password: string;
  token: string;
}

/** What anybody may know of a server before signing in. */
export interface ServerCard {
  brand_color: string;
  /** A registration is answered with 202 and goes on with the link of a mail. */
  confirms_mail: boolean;
  name: string;
  /** No admin yet: the next account may become one, with the set-up code. */
  needs_setup: boolean;
  registration: "open" | "invite" | "closed";
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

export interface SocketTicket {
  /** Seconds. */
  expires_in: number;
  ticket: string;
}

export type Stream = string;

export interface TotpCodeRequest {
  code: string;
}

export interface TotpSetup {
  secret: string;
  /** otpauth:// for the authenticator app. */
  uri: string;
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
  presence: "online" | "offline";
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
