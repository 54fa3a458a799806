import type { ComponentChildren } from "preact";
import { t } from "../../app";
import type { Chat } from "../../core/api/types";
import { compact } from "../../formats";
import { Avatar } from "../../ui/Avatar";
import { Icon } from "../../ui/Icon";
import { chatFace, chatIcon, chatName, kindIcon } from "./chatName";

/** A chat to be chosen: where it is found, forwarded to, switched to. */
export function ChatTile({ chat, selected, onClick, children }: {
  chat: Chat;
  selected?: boolean;
  onClick: () => void;
  children?: ComponentChildren;
}) {
  const sign = kindIcon(chat);
  const about = chat.description || (chat.type === "direct"
    ? `@${chat.peer?.username ?? ""}`
    : chat.type === "saved" ? t("chat.saved.text") : t("chat.members", { count: chat.member_count, shown: compact(chat.member_count) }));
  return (
    <button type="button" class="row-link" aria-pressed={selected} onClick={onClick}>
      <Avatar user={chatFace(chat)} {...(chatIcon(chat) ? { icon: chatIcon(chat)! } : {})} />
      <span class="row-text">
        <span class="row-line">{sign && <Icon name={sign} small />}<span class="row-name one-line"><bdi>{chatName(chat)}</bdi></span></span>
        <span class="row-preview one-line" dir="auto">{about}</span>
      </span>
      {children}
      {selected && <span class="picked"><Icon name="check" small /></span>}
    </button>
  );
}
