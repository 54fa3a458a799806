import { useState } from "preact/hooks";
import { errorText, t } from "../../app";
import { paths } from "../../core/places";
import { talk } from "../../talk";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { ErrorNotice } from "../../ui/Notice";
import { go } from "../../ui/router";
import { toast } from "../../ui/Toast";
import { useAlive } from "../../ui/useAlive";
import { useTask } from "../../ui/useTask";
import { ChatChooser } from "../chats/ChatChooser";
import { may } from "../chats/chatName";

export function ForwardDialog({ ids, onClose }: { ids: readonly string[]; onClose: () => void }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const alive = useAlive();
  const task = useTask(async () => {
    const to = [...chosen];
    await talk().messages.forward(ids, to);
    const stays = alive.current;
    onClose();
    if (stays && to.length === 1) go(paths.chat(to[0]!));
    else toast(t("state.sent"));
  });
  return (
    <Dialog title={t("message.forward")} onClose={onClose}>
      <ErrorNotice text={task.error ? errorText(task.error) : null} />
      <ChatChooser
        allowed={(chat) => may(chat, "send")}
        chosen={chosen}
        onPick={(chat) => {
          const next = new Set(chosen);
          if (!next.delete(chat.id)) next.add(chat.id);
          setChosen(next);
        }}
      />
      <div class="row">
        <Button kind="text" onClick={onClose}>{t("action.cancel")}</Button>
        {chosen.size > 0 && <Button icon="send" busy={task.busy} onClick={() => task.run()}>{t("composer.send")}</Button>}
      </div>
    </Dialog>
  );
}
