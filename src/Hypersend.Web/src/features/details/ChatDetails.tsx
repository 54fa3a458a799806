import { useState } from "preact/hooks";
import { errorText, t } from "../../app";
import type { ChatEntry } from "../../core/model";
import { paths } from "../../core/places";
import { joined } from "../../formats";
import { talk } from "../../talk";
import { AppBar } from "../../ui/AppBar";
import { Avatar } from "../../ui/Avatar";
import { Button, IconButton } from "../../ui/Button";
import { back } from "../../ui/router";
import { Segments } from "../../ui/Segments";
import { Switch } from "../../ui/Switch";
import { toast } from "../../ui/Toast";
import { deleteChat, leaveChat } from "../chats/chatMenu";
import { chatFace, chatIcon, chatName, may, memberCount, runsChat } from "../chats/chatName";
import { presenceText } from "../people/lastSeen";
import { onlineText } from "../people/online";
import { openPerson } from "../people/openPerson";
import { openDialog } from "../shell/dialogs";
import { Members } from "./Members";
import { SharedFiles } from "./SharedFiles";
import { SharedLinks } from "./SharedLinks";

type Tab = "members" | "media" | "files" | "links" | "sounds";

/** The third pane: what a chat is, who is in it, what was shared. */
export function ChatDetails({ chat }: { chat: ChatEntry }) {
  const several = chat.type !== "direct" && chat.type !== "saved";
  const seesMembers = several && (chat.type !== "channel" || runsChat(chat));
  const tabs: Tab[] = [...(seesMembers ? ["members" as const] : []), "media", "files", "links", "sounds"];
  const [tab, setTab] = useState<Tab>(tabs[0]!);
  const shown = tabs.includes(tab) ? tab : tabs[0]!;
  return (
    <div class="pane-inner">
      <AppBar title={t("details.title")} onBack={() => back(paths.chat(chat.id))}>
        {several && may(chat, "edit_info") && <IconButton icon="edit" label={t("message.edit")} onClick={() => openDialog({ name: "editChat", chat })} />}
      </AppBar>
      <div class="pane-scroll">
        <div class="details">
          <Head chat={chat} />
          <section class="card"><Mute chat={chat} /></section>
          {several && may(chat, "invite") && (
            <div class="details-actions">
              <Button kind="tonal" icon="personAdd" onClick={() => openDialog({ name: "addMembers", chat })}>{t("members.add")}</Button>
              <Button kind="tonal" icon="link" onClick={() => openDialog({ name: "invite", chat })}>{t("invite.title")}</Button>
              {runsChat(chat) && <Button kind="tonal" icon="ban" onClick={() => openDialog({ name: "bans", chat })}>{t("bans.title")}</Button>}
            </div>
          )}
          <Segments
            label={t("details.title")}
            value={shown}
            choices={tabs.map((value) => ({ value, text: t(`details.${value}`) }))}
            onChange={setTab}
          />
          {shown === "members" ? <Members chat={chat} /> : shown === "links" ? <SharedLinks chat={chat} /> : <SharedFiles key={shown} chat={chat} kind={shown} />}
          <section class="card">
            {several && <Button kind="text" danger icon="leave" onClick={() => void leaveChat(chat)}>{t("chat.leave")}</Button>}
            {(chat.type === "direct" || chat.my_role === "owner") && chat.type !== "saved" && (
              <Button kind="text" danger icon="trash" onClick={() => void deleteChat(chat)}>{t("chat.delete")}</Button>
            )}
          </section>
        </div>
      </div>
    </div>
  );
}

function Head({ chat }: { chat: ChatEntry }) {
  const presence = chat.peer ? talk().people.presence(chat.peer.id).value : null;
  return (
    <>
      <div class="details-head">
        <Avatar user={chatFace(chat)} size="large" presence={presence} {...(chatIcon(chat) ? { icon: chatIcon(chat)! } : {})} />
        <h2><bdi>{chatName(chat)}</bdi></h2>
        {chat.peer && <p class="soft"><bdi>@{chat.peer.username}</bdi></p>}
        {presence && <p class={presence.online ? "small lively" : "small soft"}>{presenceText(presence)}</p>}
        {!chat.peer && chat.type !== "saved" && (
          <p class="small soft">
            {joined([t(`kind.${chat.type as "group" | "channel" | "room"}`), memberCount(chat), onlineText(chat)])}
          </p>
        )}
        {chat.peer && <Button kind="tonal" icon="person" onClick={() => openPerson(chat.peer!.id)}>{t("person.title")}</Button>}
      </div>
      {chat.description && <section class="card"><p class="lines" dir="auto">{chat.description}</p></section>}
    </>
  );
}

function Mute({ chat }: { chat: ChatEntry }) {
  return (
    <Switch
      label={t("details.notify")}
      on={!chat.muted}
      onChange={(on) => {
        if (on) talk().chats.mute(chat.id, null).catch((error: unknown) => toast(errorText(error)));
        else openDialog({ name: "mute", chat });
      }}
    />
  );
}
