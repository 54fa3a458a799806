import { useEffect, useMemo, useState } from "preact/hooks";
import { t } from "../../app";
import type { Message } from "../../core/api/types";
import type { ChatEntry } from "../../core/model";
import { paths } from "../../core/places";
import { talk } from "../../talk";
import { AppBar } from "../../ui/AppBar";
import { Empty } from "../../ui/Empty";
import { back } from "../../ui/router";
import { chatName, may } from "../chats/chatName";
import { DropZone } from "../files/DropZone";
import { offerFiles } from "../files/offerFiles";
import { Composer } from "./Composer";
import { ChooseBar } from "./ChooseBar";
import { deskOf } from "./desk";
import { openMessageMenu } from "./messageMenu";
import { MessageList } from "./MessageList";
import { MessageRow } from "./MessageRow";

/** What was answered to one message, beside the conversation it is part of. */
export function ThreadPane({ chat, seq }: { chat: ChatEntry; seq: number }) {
  const id = `${chat.id}.${seq}`;
  const view = useMemo(() => talk().messages.threadOf(id), [id]);
  const desk = useMemo(() => deskOf(chat.id, id), [id]);
  const [root, setRoot] = useState<Message | null | undefined>(() => talk().messages.peek(id) ?? undefined);
  useEffect(() => {
    let current = true;
    talk().messages.find(id).then((found) => current && setRoot(found), () => current && setRoot(null));
    return () => {
      current = false;
    };
  }, [id]);
  const title = (
    <div class="bar-name">
      <h2 class="bar-title">{t("thread.title")}</h2>
      <span class="small soft one-line"><bdi>{chatName(chat)}</bdi></span>
    </div>
  );
  return (
    <DropZone to={t("thread.title")} enabled={may(chat, "send")} onFiles={(files) => offerFiles(desk, files)}>
      {desk.chosen.value
        ? <ChooseBar chat={chat} desk={desk} />
        : <AppBar title={title} onBack={() => back(paths.chat(chat.id))} />}
      <div class="ground conversation">
        {root === null && <Empty icon="thread" title={t("message.gone")} />}
        {root && <div class="thread-root"><MessageRow message={root} showChat={false} /></div>}
        <MessageList key={id} chat={chat} window={view} desk={desk} target={null} onMenu={(entry, at) => openMessageMenu(chat, desk, entry, at)} />
        {may(chat, "send") && <Composer key={id} chat={chat} desk={desk} window={view} />}
      </div>
    </DropZone>
  );
}
