/** Where the address bar points: one union for all screens behind the sign-in. */
export type Place =
  | { name: "chats" }
  | { name: "archive" }
  | { name: "chat"; chat: string; seq?: number; thread?: number; details?: boolean }
  | { name: "person"; user: string }
  | { name: "contacts" }
  | { name: "discover" }
  | { name: "search" }
  | { name: "bookmarks" }
  | { name: "share" }
  | { name: "settings"; section?: string }
  | { name: "admin"; section?: string }
  | { name: "join"; token: string }
  | { name: "nowhere" };

const alone = ["archive", "contacts", "discover", "search", "bookmarks", "share"] as const;

export function placeOf(path: string): Place {
  const parts = path.split("/").filter(Boolean).map(decode);
  const [head, first, second, third] = parts;
  if (head === undefined) return { name: "chats" };
  for (const name of alone) if (head === name && parts.length === 1) return { name };
  // The account's screens have lived at both names; mails and bookmarks know the older one.
  if ((head === "settings" || head === "account") && parts.length <= 2) return { name: "settings", ...(first ? { section: first } : {}) };
  if (head === "admin" && parts.length <= 2) return { name: "admin", ...(first ? { section: first } : {}) };
  if (head === "join" && first && parts.length === 2) return { name: "join", token: first };
  if (head === "u" && first && parts.length === 2) return { name: "person", user: first };
  if (head === "c" && first) {
    if (second === undefined) return { name: "chat", chat: first };
    if (second === "info" && parts.length === 3) return { name: "chat", chat: first, details: true };
    const number = Number(third);
    if (parts.length === 4 && Number.isSafeInteger(number) && number > 0) {
      if (second === "m") return { name: "chat", chat: first, seq: number };
      if (second === "t") return { name: "chat", chat: first, thread: number };
    }
  }
  return { name: "nowhere" };
}

const at = (...parts: (string | number)[]): string => `/${parts.map((part) => encodeURIComponent(part)).join("/")}`;

export const paths = {
  chats: "/",
  archive: "/archive",
  contacts: "/contacts",
  discover: "/discover",
  search: "/search",
  bookmarks: "/bookmarks",
  settings: (section?: string): string => (section ? at("settings", section) : "/settings"),
  admin: (section?: string): string => (section ? at("admin", section) : "/admin"),
  chat: (chat: string): string => at("c", chat),
  message: (chat: string, seq: number): string => at("c", chat, "m", seq),
  thread: (chat: string, seq: number): string => at("c", chat, "t", seq),
  details: (chat: string): string => at("c", chat, "info"),
  person: (user: string): string => at("u", user),
};

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray percent sign is a wrong address, not a broken page.
    return part;
  }
}
