import type { Send } from "./api";
import type { Page, ServerInfo, Session, Settings, SignedIn, User } from "./dto";

export interface Registration {
  username: string;
  email: string;
  password: string;
  name?: string;
  invite?: string;
  setup_code?: string;
}

/** Calls without a session. */
export function anonymousAccounts(send: Send) {
  const post = <T>(path: string, body: object): Promise<T> => send<T>({ method: "POST", path, body });
  return {
    server: () => send<ServerInfo>({ path: "/server" }),
    login: (login: string, password: string, totp?: string) =>
      post<SignedIn>("/auth/login", { login, password, ...(totp ? { totp } : {}), session: "cookie" }),
    register: (registration: Registration) => post<SignedIn>("/auth/register", { ...registration, session: "cookie" }),
    forgotPassword: (email: string) => post<void>("/auth/forgot-password", { email }),
    resetPassword: (token: string, newPassword: string) =>
      post<void>("/auth/reset-password", { token, new_password: newPassword }),
  };
}

/** Calls of the person who is logged in; `call` is the session's. */
export function ownAccount(call: Send) {
  const post = <T>(path: string, body: object = {}): Promise<T> => call<T>({ method: "POST", path, body });
  return {
    me: () => call<User>({ path: "/auth/me" }),
    save: (change: { name?: string; bio?: string }) => call<User>({ method: "PUT", path: "/users/me", body: change }),
    saveAvatar: (picture: Blob) => call<User | undefined>({ method: "PUT", path: "/users/me/avatar", body: picture }),
    remove: () => call<void>({ method: "DELETE", path: "/users/me" }),
    settings: () => call<Settings>({ path: "/users/me/settings" }),
    saveSettings: (settings: Settings) => call<Settings>({ method: "PUT", path: "/users/me/settings", body: settings }),
    changePassword: (current: string, next: string) =>
      call<void>({ method: "PUT", path: "/auth/change-password", body: { current_password: current, new_password: next } }),
    sessions: (cursor?: string | null) =>
      call<Page<Session>>({ path: `/auth/sessions${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}` }),
    endSession: (id: string) => call<void>({ method: "DELETE", path: `/auth/sessions/${encodeURIComponent(id)}` }),
    setUpTotp: () => post<{ secret: string; uri: string }>("/auth/totp/setup"),
    enableTotp: (code: string) => post<{ recovery_codes: string[] }>("/auth/totp/enable", { code }),
    disableTotp: (code: string) => post<void>("/auth/totp/disable", { code }),
  };
}
