import { errorText, t } from "../../app";
import type { ChatEntry } from "../../core/model";
import { paths } from "../../core/places";
import { talk } from "../../talk";
import { AppBar } from "../../ui/AppBar";
import { Avatar } from "../../ui/Avatar";
import { IconButton } from "../../ui/Button";
import { FactLine } from "../../ui/FactLine";
import { Icon } from "../../ui/Icon";
import { back, go, path } from "../../ui/router";
import { toast } from "../../ui/Toast";
import { usePanes } from "../../ui/useWide";
import { openChatMenu } from "../chats/chatMenu";
import { chatFace, chatIcon, chatName, memberCount } from "../chats/chatName";
import { presenceText, typingText } from "../people/lastSeen";
import { onlineText } from "../people/online";
import { searchIn } from "../search/searchState";

export function ConversationBar({ chat }: { chat: ChatEntry }) {
  const panes = usePanes();
  const { people } = talk();
  const typing = typingText(people.typing(chat.id).value, chat.type === "direct");
  const peer = chat.peer ? people.presence(chat.peer.id).value : null;
  const about = typing ?? (peer ? presenceText(peer) : null);
  const facts = about === null && chat.type !== "saved" ? [memberCount(chat), onlineText(chat)].filter(Boolean) : [];
  const open = (): void => {
    const here = paths.details(chat.id);
    if (path.value === here) back(paths.chat(chat.id));
    else go(here);
  };
  const title = (
    <button type="button" class="bar-who" onClick={open}>
      <span class="unseen">{t("details.title")}</span>
      <Avatar user={chatFace(chat)} size="small" presence={peer} {...(chatIcon(chat) ? { icon: chatIcon(chat)! } : {})} />
      <span class="bar-name">
        <span class="one-line bar-chat"><bdi>{chatName(chat)}</bdi>{chat.muted && <Icon name="bellOff" small />}</span>
        {about && <span class={typing || peer?.online ? "one-line small lively" : "one-line small soft"}><bdi>{about}</bdi></span>}
        {facts.length > 0 && <span class="bar-facts small soft"><FactLine facts={facts} /></span>}
      </span>
    </button>
  );
  return (
    <AppBar title={title} onBack={panes === 1 ? () => back(paths.chats) : undefined}>
      <h1 class="unseen">{chatName(chat)}</h1>
      {chat.my_role && <IconButton icon="search" label={t("search.chat")} onClick={() => searchIn(chat)} />}
      <MenuButton chat={chat} />
    </AppBar>
  );
}

function MenuButton({ chat }: { chat: ChatEntry }) {
  if (!chat.my_role) {
    return (
      <IconButton
        icon="add"
        label={t("chat.join")}
        onClick={() => void talk().chats.join(chat.id).catch((error: unknown) => toast(errorText(error)))}
      />
    );
  }
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={t("menu.title")}
      title={t("menu.title")}
      aria-haspopup="menu"
      onClick={(event) => openChatMenu(chat, event.currentTarget)}
    >
      <Icon name="more" />
    </button>
  );
}
