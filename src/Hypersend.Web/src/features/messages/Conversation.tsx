import { useLayoutEffect, useMemo } from "preact/hooks";
import { errorText, t } from "../../app";
import type { ChatEntry } from "../../core/model";
import { talk } from "../../talk";
import { Button } from "../../ui/Button";
import { useTask } from "../../ui/useTask";
import { toast } from "../../ui/Toast";
import { usePanes } from "../../ui/useWide";
import { chatName, may } from "../chats/chatName";
import { DropZone } from "../files/DropZone";
import { offerFiles } from "../files/offerFiles";
import { othersHere } from "../people/online";
import { useWatched } from "../people/useWatched";
import { StatusLine } from "../shell/StatusLine";
import { Announcer } from "./Announcer";
import { BeforeJoining } from "./BeforeJoining";
import { ChooseBar } from "./ChooseBar";
import { Composer } from "./Composer";
import { ConversationBar } from "./ConversationBar";
import { deskOf, followDraft } from "./desk";
import { openMessageMenu } from "./messageMenu";
import { MessageList } from "./MessageList";
import { PinBar } from "./PinBar";

export function Conversation({ chat, target }: { chat: ChatEntry; target: number | null }) {
  const panes = usePanes();
  const view = useMemo(() => talk().messages.messagesOf(chat.id), [chat.id]);
  const desk = useMemo(() => deskOf(chat.id, null, chat.draft ?? ""), [chat.id]);
  // At once: told a frame later of what was typed, it would bring back what has been sent by then.
  useLayoutEffect(() => followDraft(desk, chat.draft ?? ""), [desk, chat.draft]);
  useWatched("chat", chat.peer ? [chat.peer.id] : othersHere(chat));
  const visiting = !chat.my_role && chat.type !== "direct" && chat.type !== "saved";
  return (
    <DropZone to={chatName(chat)} enabled={may(chat, "send")} onFiles={(files) => offerFiles(desk, files)}>
      {desk.chosen.value ? <ChooseBar chat={chat} desk={desk} /> : <ConversationBar chat={chat} />}
      <div class="ground conversation">
        {visiting ? <BeforeJoining chat={chat} /> : (
          <>
            <PinBar chat={chat} desk={desk} />
            {panes === 1 && <div class="over-list"><StatusLine /></div>}
            <MessageList
              key={chat.id}
              chat={chat}
              window={view}
              desk={desk}
              target={target}
              onMenu={(entry, at) => openMessageMenu(chat, desk, entry, at)}
            />
            <Announcer chatId={chat.id} />
          </>
        )}
        {may(chat, "send") ? <Composer key={chat.id} chat={chat} desk={desk} window={view} /> : <CannotWrite chat={chat} />}
      </div>
    </DropZone>
  );
}

/** What stands in the composer's place where one only reads. */
function CannotWrite({ chat }: { chat: ChatEntry }) {
  const join = useTask(() => talk().chats.join(chat.id));
  const fail = (error: unknown): void => toast(errorText(error));
  if (!chat.my_role) {
    return (
      <div class="composer-frame">
        <div class="grow stack">
          {join.error !== null && <p role="alert" class="bad small">{errorText(join.error)}</p>}
          <Button wide busy={join.busy} onClick={() => join.run()}>{t(chat.type === "channel" ? "chat.subscribe" : "chat.join")}</Button>
        </div>
      </div>
    );
  }
  return (
    <div class="composer-frame">
      <div class="grow">
        {chat.type === "channel"
          ? (
            <Button kind="tonal" wide icon={chat.muted ? "bell" : "bellOff"} onClick={() => void talk().chats.mute(chat.id, chat.muted ? null : "forever").catch(fail)}>
              {t(chat.muted ? "chat.unmute" : "chat.mute")}
            </Button>
          )
          : <p class="cannot-write">{t("composer.readOnly")}</p>}
      </div>
    </div>
  );
}
