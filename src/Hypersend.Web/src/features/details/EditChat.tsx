import { useState } from "preact/hooks";
import { errorText, t } from "../../app";
import type { Chat } from "../../core/api/types";
import { talk } from "../../talk";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { ErrorNotice } from "../../ui/Notice";
import { Switch } from "../../ui/Switch";
import { useTask } from "../../ui/useTask";
import { runsChat } from "../chats/chatName";

const rights = ["send", "invite", "pin", "edit_info", "history"] as const;

export function EditChat({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const [name, setName] = useState(chat.name);
  const [description, setDescription] = useState(chat.description);
  const [open, setOpen] = useState(chat.public);
  const [permissions, setPermissions] = useState(chat.permissions);
  const [fault, setFault] = useState<string>();
  const runs = runsChat(chat);
  const task = useTask(async () => {
    await talk().chats.change(chat.id, {
      name: name.trim(), description: description.trim(),
      ...(runs ? { permissions, ...(chat.type === "room" ? {} : { public: open }) } : {}),
    });
    onClose();
  });
  return (
    <Dialog title={t("message.edit")} onClose={onClose}>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) task.run();
          else setFault(t("field.required"));
        }}
      >
        <ErrorNotice text={task.error ? errorText(task.error) : null} />
        <Field label={t("details.name")} name="name" value={name} maxLength={100} error={fault} onInput={setName} focus />
        <Field label={t("details.about")} name="description" value={description} onInput={setDescription} optional lines />
        {runs && chat.type === "channel" && <Switch label={t("details.public")} hint={t("details.public.text")} on={open} onChange={setOpen} />}
        {runs && chat.type !== "channel" && (
          <fieldset class="plain-set">
            <legend>{t("rights.title")}</legend>
            {rights.map((right) => (
              <Switch
                key={right}
                label={t(`rights.${right}`)}
                on={permissions[right] ?? (right === "send" || right === "history")}
                onChange={(on) => setPermissions({ ...permissions, [right]: on })}
              />
            ))}
          </fieldset>
        )}
        <div class="row">
          <Button kind="text" onClick={onClose}>{t("action.cancel")}</Button>
          <Button submit busy={task.busy}>{t("action.save")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
