import type { ChatId, Message, MessagePage, UserId } from "../api/types";
import type { Hub } from "../live/hub";
import { waiting } from "../live/versions";
import { Problem } from "../problem";
import { searchCalls } from "../search";

const pageSize = 200;

/** The oldest message above the mark of reading that calls me; null when there is none. */
export async function nextMention(hub: Hub, chatId: ChatId): Promise<number | null> {
  const chat = hub.store.state.chats.get(chatId);
  if (!chat) return null;
  const me = hub.me.id;
  const read = chat.mine.read_seq;
  let seq = read + 1;
  for (; chat.messages.has(seq); seq++) if (calls(chat.messages.get(seq)!, me)) return seq;
  if (seq > chat.chat.last_seq) return null;
  // The index is quick where thousands wait; what it has not taken in yet, or where there is none, the pages know.
  return await fromIndex(hub, chatId, me, read) ?? fromPages(hub, chatId, me, seq - 1);
}

const calls = (message: Message, me: UserId): boolean => message.sender.id !== me && waiting(message, me)[1] > 0;

/** Newest first, so the last one above the mark is the one. */
async function fromIndex(hub: Hub, chatId: ChatId, me: UserId, read: number): Promise<number | null> {
  const search = searchCalls(hub.api);
  let oldest: number | null = null;
  try {
    for (let cursor: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof search.messages>> = await search.messages("mentions:me", chatId, cursor);
      for (const message of page.items) {
        if (message.seq > read && calls(message, me)) oldest = Math.min(message.seq, oldest ?? message.seq);
      }
      cursor = page.next_cursor ?? null;
      if (!cursor || page.items.some((message) => message.seq <= read)) return oldest;
    }
  } catch (error) {
    if (error instanceof Problem && !error.isTransient) return null;
    throw error;
  }
}

async function fromPages(hub: Hub, chatId: ChatId, me: UserId, after: number): Promise<number | null> {
  for (let last = after; ;) {
    const page: MessagePage = await hub.api<MessagePage>({ path: `/messages/${encodeURIComponent(chatId)}?after=${last}&limit=${pageSize}` });
    const found = page.items.find((message) => calls(message, me));
    if (found) return found.seq;
    if (!page.has_more_after || page.items.length === 0) return null;
    last = page.items.at(-1)!.seq;
  }
}
