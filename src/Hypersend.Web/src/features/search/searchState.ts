import type { Chat } from "../../core/api/types";
import { paths } from "../../core/places";
import { personal } from "../../personal";
import { go } from "../../ui/router";

/** What is looked for, and in which chat; kept while hits are looked at. */
export const query = personal("");
export const searchedChat = personal<Chat | null>(null);

export function openSearch(words: string): void {
  query.value = words;
  searchedChat.value = null;
  go(paths.search);
}

export function searchIn(chat: Chat): void {
  if (searchedChat.value?.id !== chat.id) query.value = "";
  searchedChat.value = chat;
  go(paths.search);
}
