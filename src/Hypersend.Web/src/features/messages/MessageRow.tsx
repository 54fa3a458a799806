import type { ComponentChildren } from "preact";
import type { Message } from "../../core/api/types";
import { paths } from "../../core/places";
import { shortDate } from "../../formats";
import { talk } from "../../talk";
import { Avatar } from "../../ui/Avatar";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { chatName } from "../chats/chatName";
import { nameOf, previewIcon, previewOf } from "./words";

/** A message found somewhere: whose, where, when; it leads to its place. */
export function MessageRow({ message, showChat = true, text, children }: {
  message: Message;
  showChat?: boolean;
  /** In place of the preview (with the found words marked). */
  text?: ComponentChildren;
  children?: ComponentChildren;
}) {
  const chat = talk().chats.chat(message.chat_id).value;
  const sign = previewIcon(message);
  return (
    <div class="person-row">
      <Link to={paths.message(message.chat_id, message.seq)} className="row-link">
        <Avatar user={message.sender} />
        <span class="row-text">
          <span class="row-line">
            <span class="row-name one-line"><bdi>{nameOf(message.sender)}</bdi></span>
            <time class="row-end row-time" dateTime={message.created_at}>{shortDate(message.created_at)}</time>
          </span>
          <span class="row-preview two-lines" dir="auto">{sign && <Icon name={sign} small />}{text ?? previewOf(message)}</span>
          {showChat && chat && chat.type !== "direct" && <span class="row-preview one-line where"><bdi>{chatName(chat)}</bdi></span>}
        </span>
      </Link>
      {children}
    </div>
  );
}
