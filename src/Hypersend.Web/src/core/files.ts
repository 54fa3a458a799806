import type { Send } from "./api/send";
import type { CreateLinkRequest, FileLink, FileUsage, PageOfFileLink, PageOfSharedFile, SignedUrl } from "./api/types";

const at = (id: string, rest = ""): string => `/files/${encodeURIComponent(id)}${rest}`;
const page = (cursor?: string | null): string => (cursor ? `cursor=${encodeURIComponent(cursor)}` : "");

/** What is known of files beyond sending them. */
export function fileCalls(call: Send) {
  return {
    /** Good for the browser's own download manager, for hours, with ranges. */
    signedUrl: (id: string) => call<SignedUrl>({ path: at(id, "/url") }),
    ofChat: (chat: string, cursor?: string | null) =>
      call<PageOfSharedFile>({ path: `/chats/${encodeURIComponent(chat)}/files?${page(cursor)}` }),
    mine: (cursor?: string | null) => call<PageOfSharedFile>({ path: `/files/list?${page(cursor)}` }),
    remove: (id: string) => call<void>({ method: "DELETE", path: at(id) }),
    usage: () => call<FileUsage>({ path: "/files/usage" }),
    links: (id: string) => call<PageOfFileLink>({ path: at(id, "/links") }),
    share: (id: string, limits: CreateLinkRequest) => call<FileLink>({ method: "POST", path: at(id, "/link"), body: limits }),
    unshare: (link: string) => call<void>({ method: "DELETE", path: `/files/links/${encodeURIComponent(link)}` }),
  };
}

/** By cookie, for what a page shows itself: pictures, sound, moving pictures, documents. */
export const inlineUrl = (id: string): string => `/api/v1${at(id, "/download?inline=1")}`;
export const downloadUrl = (id: string): string => `/api/v1${at(id, "/download")}`;
