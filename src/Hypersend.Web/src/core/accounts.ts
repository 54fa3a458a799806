import type { Send } from "./api/send";
import type {
  ConfirmationSent, PageOfSession, RecoveryCodeList, RegisterRequest, ServerCard, SignedIn, TotpSetup, UpdateUserRequest, User,
  UserSettings,
} from "./api/types";

/** Calls without a session. */
export function anonymousAccounts(send: Send) {
  const post = <T>(path: string, body: object): Promise<T> => send<T>({ method: "POST", path, body });
  return {
    server: () => send<ServerCard>({ path: "/server" }),
    login: (login: string, password: string, totp?: string) =>
      post<SignedIn>("/auth/login", { login, password, ...(totp ? { totp } : {}), session: "cookie" }),
    register: (registration: RegisterRequest) => post<SignedIn | ConfirmationSent>("/auth/register", { ...registration, session: "cookie" }),
    confirm: (token: string) => post<SignedIn>("/auth/confirm", { token, session: "cookie" }),
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
    save: (change: UpdateUserRequest) => call<User>({ method: "PUT", path: "/users/me", body: change }),
    saveAvatar: (picture: Blob) => call<User>({ method: "PUT", path: "/users/me/avatar", body: picture }),
    removeAvatar: () => call<void>({ method: "DELETE", path: "/users/me/avatar" }),
    remove: (password: string) => call<void>({ method: "DELETE", path: "/users/me", body: { password } }),
    settings: () => call<UserSettings>({ path: "/users/me/settings" }),
    saveSettings: (settings: UserSettings) => call<UserSettings>({ method: "PUT", path: "/users/me/settings", body: settings }),
    changePassword: (current: string, next: string) =>
      call<void>({ method: "PUT", path: "/auth/change-password", body: { current_password: current, new_password: next } }),
    sessions: (cursor?: string | null) =>
      call<PageOfSession>({ path: `/auth/sessions${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}` }),
    endSession: (id: string) => call<void>({ method: "DELETE", path: `/auth/sessions/${encodeURIComponent(id)}` }),
    setUpTotp: () => post<TotpSetup>("/auth/totp/setup"),
    enableTotp: (code: string) => post<RecoveryCodeList>("/auth/totp/enable", { code }),
    disableTotp: (code: string) => post<void>("/auth/totp/disable", { code }),
  };
}
