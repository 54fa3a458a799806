import { t } from "../../app";
import type { ChatEntry } from "../../core/model";
import { compact } from "../../formats";
import { Avatar } from "../../ui/Avatar";
import { chatFace, chatIcon, chatName } from "../chats/chatName";

/** A public chat seen from its door: what it is, and how many are in there. What is said is for those who come in. */
export function BeforeJoining({ chat }: { chat: ChatEntry }) {
  return (
    <div class="list-frame">
      <div class="nothing">
        <Avatar user={chatFace(chat)} size="large" {...(chatIcon(chat) ? { icon: chatIcon(chat)! } : {})} />
        <p class="nothing-name"><bdi>{chatName(chat)}</bdi></p>
        {chat.description && <p class="lines" dir="auto">{chat.description}</p>}
        <p class="small">{t(`kind.${chat.type as "group" | "channel" | "room"}`)} · {t("chat.members", { count: chat.member_count, shown: compact(chat.member_count) })}</p>
      </div>
    </div>
  );
}
