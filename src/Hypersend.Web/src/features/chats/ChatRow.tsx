import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { i18n, t } from "../../app";
import type { Message } from "../../core/api/types";
import type { ChatEntry } from "../../core/model";
import { plainText } from "../../core/richText";
import { paths } from "../../core/places";
import { shortDate } from "../../formats";
import { talk } from "../../talk";
import { Avatar } from "../../ui/Avatar";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { go } from "../../ui/router";
import { useContextMenu } from "../../ui/useContextMenu";
import { offerFiles } from "../files/offerFiles";
import { useDrop } from "../files/useDrop";
import { deskOf } from "../messages/desk";
import { Ticks } from "../messages/Ticks";
import { fileIcon, isMe, nameOf, previewIcon, previewOf } from "../messages/words";
import { typingText } from "../people/lastSeen";
import { openChatMenu } from "./chatMenu";
import { chatFace, chatIcon, chatName, kindIcon, may } from "./chatName";

export function ChatRow({ chat, current }: { chat: ChatEntry; current: boolean }) {
  const menu = useContextMenu((at) => openChatMenu(chat, at));
  const drop = useDrop(may(chat, "send"), (files) => {
    go(paths.chat(chat.id));
    offerFiles(deskOf(chat.id, null), files);
  });
  const { people } = talk();
  const presence = chat.peer ? people.presence(chat.peer.id).value : null;
  const sign = kindIcon(chat);
  return (
    <li class={drop.over ? "chat-row over" : "chat-row"} {...menu} {...drop.target}>
      <Link to={paths.chat(chat.id)} className="row-link" current={current}>
        <Avatar user={chatFace(chat)} presence={presence} {...(chatIcon(chat) ? { icon: chatIcon(chat)! } : {})} />
        <span class="row-text">
          <span class="row-line">
            {sign && <Icon name={sign} small />}
            <span class="row-name one-line"><bdi>{chatName(chat)}</bdi></span>
            {chat.muted && <Icon name="bellOff" small />}
            <span class="row-end">
              {chat.failed ? <Ticks state="failed" /> : chat.pending > 0 ? <Ticks state="sending" /> : chat.last_state && <Ticks state={chat.last_state} />}
              <time class="row-time" dateTime={chat.active_at}>{shortDate(chat.active_at)}</time>
            </span>
          </span>
          <span class="row-line">
            <Preview chat={chat} current={current} />
            <span class="row-end">
              {chat.mentions > 0 && <span class="count">@</span>}
              {chat.unread > 0
                ? <span class={chat.muted ? "count quiet" : "count"}><span class="unseen">{t("list.new", { count: chat.unread })}</span><span aria-hidden="true">{i18n.number(chat.unread)}</span></span>
                : chat.pinned && <span class="row-pin"><Icon name="pin" small /></span>}
            </span>
          </span>
        </span>
      </Link>
      <button
        type="button"
        class="row-more"
        aria-label={t("members.menu", { name: chatName(chat) })}
        title={t("menu.title")}
        onClick={(event) => openChatMenu(chat, event.currentTarget)}
      >
        <Icon name="more" small />
      </button>
    </li>
  );
}

function Preview({ chat, current }: { chat: ChatEntry; current: boolean }) {
  const typing = typingText(talk().people.typing(chat.id).value, chat.type === "direct");
  if (typing) return <span class="row-preview one-line lively">{typing}</span>;
  // Of the chat that is open it stands in its own composer.
  if (chat.draft && !current) return <Said who={<span class="draft">{t("chat.draft")} </span>}>{chat.draft}</Said>;
  const waiting = chat.last_waiting;
  // A forwarded one is known by what it repeats, which need not be here.
  if (waiting && (waiting.content || waiting.file)) {
    return (
      <Said who={chat.type !== "channel" && chat.type !== "saved" && <Who name={t("chat.you")} />}>
        {waiting.file && <Icon name={fileIcon(waiting.file.mime)} small />}
        {waiting.content ? plainText(waiting.content) : waiting.file!.name}
      </Said>
    );
  }
  const message = chat.last_message;
  if (!message) return <span class="row-preview one-line">{chat.type === "saved" ? t("chat.saved.text") : ""}</span>;
  const who = message.type === "system" || chat.type === "channel" || chat.type === "saved" ? ""
    : isMe(message.sender) ? t("chat.you") : chat.type === "direct" ? "" : nameOf(message.sender);
  if (message.type === "system") return <span class="row-preview one-line"><Sign message={message} />{previewOf(message)}</span>;
  return <Said who={who && <Who name={who} />}><Sign message={message} />{previewOf(message)}</Said>;
}

const Who = ({ name }: { name: string }) => <span class="row-who one-line"><bdi>{name}</bdi>: </span>;

/** Who it is stands first as the language of the app runs, whichever way the words do. */
const Said = ({ who, children }: { who: ComponentChildren; children: ComponentChildren }) => (
  <span class="row-preview said">{who}<span class="one-line" dir="auto">{children}</span></span>
);

/** A picture is known by itself, anything else by its kind. */
function Sign({ message }: { message: Message }) {
  const [broken, setBroken] = useState<string | null>(null);
  const sign = previewIcon(message);
  const file = message.files[0];
  const small = sign && file?.state === "ready" && file.thumbnail_url !== broken ? file.thumbnail_url : null;
  if (small) return <img class="row-thumb" src={small} alt="" loading="lazy" onError={() => setBroken(small)} />;
  return sign && <Icon name={sign} small />;
}
