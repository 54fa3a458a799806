/** The part of the wire contract this app speaks. Names are the server's, snake_case and all. */

export type Theme = "system" | "light" | "dark";
export type Audience = "everyone" | "contacts" | "nobody";

export interface ServerInfo {
  name: string;
  brand_color: string | null;
  version: string;
  registration: "open" | "invite" | "closed";
  needs_setup: boolean;
}

export interface User {
  id: string;
  username: string;
  name: string | null;
  email?: string | null;
  bio?: string | null;
  avatar_url?: string | null;
  role?: string;
  created_at?: string;
  totp_enabled?: boolean;
}

export interface SignedIn {
  access_token: string;
  expires_in: number;
  user?: User;
}

export interface Session {
  id: string;
  created_at: string;
  last_used_at: string | null;
  expires_at: string;
  address: string | null;
  user_agent: string | null;
  current: boolean;
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface Settings {
  privacy?: { last_seen?: Audience };
  notifications?: Record<string, unknown>;
  language?: string | null;
  appearance?: { theme?: Theme | null; seed?: string | null };
}
