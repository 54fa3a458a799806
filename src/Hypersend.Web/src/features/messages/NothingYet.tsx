import { t } from "../../app";
import type { ChatEntry } from "../../core/model";
import { Avatar } from "../../ui/Avatar";
import { chatFace, chatIcon, chatName } from "../chats/chatName";

/** A conversation in which nobody has said anything. */
export function NothingYet({ chat }: { chat: ChatEntry }) {
  return (
    <div class="nothing">
      <Avatar user={chatFace(chat)} size="large" {...(chatIcon(chat) ? { icon: chatIcon(chat)! } : {})} />
      <p class="nothing-name"><bdi>{chatName(chat)}</bdi></p>
      <p>{t(chat.type === "saved" ? "chat.saved.text" : "list.nothing")}</p>
    </div>
  );
}
