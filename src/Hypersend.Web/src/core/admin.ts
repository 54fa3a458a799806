import type { Send } from "./api/send";
import type { AdminUpdateUserRequest, DebugStatus, PageOfRegistrationInvite, PageOfUser, RegistrationInvite, ServerSettings, User } from "./api/types";

const page = (cursor?: string | null): string => (cursor ? `?cursor=${encodeURIComponent(cursor)}` : "");

/** Calls of those who run the server. */
export function adminCalls(call: Send) {
  return {
    users: (query: string, cursor?: string | null) => call<PageOfUser>({ path: `/admin/users?${new URLSearchParams({ ...(query ? { q: query } : {}), ...(cursor ? { cursor } : {}) })}` }),
    change: (id: string, change: AdminUpdateUserRequest) => call<User>({ method: "PUT", path: `/admin/users/${encodeURIComponent(id)}`, body: change }),
    logOut: (id: string) => call<void>({ method: "POST", path: `/admin/users/${encodeURIComponent(id)}/logout` }),
    settings: () => call<ServerSettings>({ path: "/admin/settings" }),
    saveSettings: (settings: ServerSettings) => call<ServerSettings>({ method: "PUT", path: "/admin/settings", body: settings }),
    invites: (cursor?: string | null) => call<PageOfRegistrationInvite>({ path: `/admin/invites${page(cursor)}` }),
    invite: () => call<RegistrationInvite>({ method: "POST", path: "/admin/invites", body: {} }),
    uninvite: (id: string) => call<void>({ method: "DELETE", path: `/admin/invites/${encodeURIComponent(id)}` }),
    status: () => call<DebugStatus>({ path: "/debug/status" }),
  };
}
