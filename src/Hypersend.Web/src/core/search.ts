import type { Send } from "./api/send";
import type { Message, Person, SharedFile } from "./api/types";

/** A message that was found; the highlights are parts of its content, in UTF-16 units. */
export interface FoundMessage extends Message {
  highlights?: readonly { start: number; length: number }[];
}

export interface FoundFile {
  file: SharedFile;
  message_id: string;
  chat_id: string;
  sender: Person;
  created_at: string;
}

interface PageOf<T> {
  items: T[];
  next_cursor?: string | null;
}

export function searchCalls(call: Send) {
  const ask = <T>(what: string, query: string, chat: string | null, cursor: string | null): Promise<PageOf<T>> => {
    const params = new URLSearchParams({ q: query, ...(chat ? { chat_id: chat } : {}), ...(cursor ? { cursor } : {}) });
    return call<PageOf<T>>({ path: `/search/${what}?${params.toString()}` });
  };
  return {
    messages: (query: string, chat: string | null, cursor: string | null) => ask<FoundMessage>("messages", query, chat, cursor),
    files: (query: string, chat: string | null, cursor: string | null) => ask<FoundFile>("files", query, chat, cursor),
  };
}
