import { t } from "../../app";
import type { Chat } from "../../core/api/types";
import { personName, plainName } from "../../core/names";
import { compact } from "../../formats";
import type { IconName } from "../../ui/Icon";

export const chatName = (chat: Chat): string =>
  chat.type === "saved" ? t("chat.saved") : personName(chat.peer) || plainName(chat.name);

export const chatFace = (chat: Chat) => ({
  id: chat.peer?.id ?? chat.id,
  name: chatName(chat),
  avatar_url: chat.peer?.avatar_url ?? chat.avatar_url,
});

export const chatIcon = (chat: Chat): IconName | undefined => (chat.type === "saved" ? "bookmark" : undefined);

export const memberCount = (chat: Chat): string => t("chat.members", { count: chat.member_count, shown: compact(chat.member_count) });

/** A small sign before the name tells the kinds apart in a list. */
export const kindIcon = (chat: Chat): IconName | null =>
  chat.type === "channel" ? "channel" : chat.type === "room" ? "room" : chat.type === "group" ? "people" : null;

export const runsChat = (chat: Chat): boolean => chat.my_role === "owner" || chat.my_role === "admin";

type Right = "send" | "invite" | "pin" | "edit_info";

/** What I may do here; the server has the last word, this only hides what it would refuse. */
export function may(chat: Chat, right: Right): boolean {
  if (chat.type === "direct" || chat.type === "saved") return right !== "invite" && right !== "edit_info";
  if (!chat.my_role) return false;
  if (runsChat(chat)) return true;
  if (chat.my_role === "subscriber") return false;
  return chat.permissions[right] ?? right === "send";
}
