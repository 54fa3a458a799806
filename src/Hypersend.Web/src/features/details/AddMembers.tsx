import { useState } from "preact/hooks";
import { errorText, t } from "../../app";
import type { Chat, User } from "../../core/api/types";
import { talk } from "../../talk";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { ErrorNotice } from "../../ui/Notice";
import { useTask } from "../../ui/useTask";
import { PeoplePicker } from "../people/PeoplePicker";

export function AddMembers({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const [chosen, setChosen] = useState<readonly User[]>([]);
  const members = talk().chats.members(chat.id).value ?? [];
  const task = useTask(async () => {
    await talk().chats.addMembers(chat.id, chosen.map((user) => user.id));
    onClose();
  });
  return (
    <Dialog title={t("members.add")} onClose={onClose}>
      <ErrorNotice text={task.error ? errorText(task.error) : null} />
      <PeoplePicker
        chosen={chosen}
        hidden={new Set(members.map((member) => member.id))}
        onToggle={(user) => setChosen(chosen.some((one) => one.id === user.id) ? chosen.filter((one) => one.id !== user.id) : [...chosen, user])}
      />
      <div class="row">
        <Button kind="text" onClick={onClose}>{t("action.cancel")}</Button>
        {chosen.length > 0 && <Button busy={task.busy} onClick={() => task.run()}>{t("action.add")}</Button>}
      </div>
    </Dialog>
  );
}
