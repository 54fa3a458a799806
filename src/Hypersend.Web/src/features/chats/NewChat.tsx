import { useState } from "preact/hooks";
import { errorText, t } from "../../app";
import type { User } from "../../core/api/types";
import { paths } from "../../core/places";
import { talk } from "../../talk";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { ErrorNotice } from "../../ui/Notice";
import { go } from "../../ui/router";
import { Switch } from "../../ui/Switch";
import { useAlive } from "../../ui/useAlive";
import { useTask } from "../../ui/useTask";
import { writeTo } from "../people/openPerson";
import { PeoplePicker } from "../people/PeoplePicker";

/** A direct chat is one choice; the others have a name first and people second. */
export function NewChat({ kind, onClose }: { kind: "direct" | "group" | "channel" | "room"; onClose: () => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [open, setOpen] = useState(false);
  const [people, setPeople] = useState<readonly User[]>([]);
  const [fault, setFault] = useState<string>();
  const alive = useAlive();
  const task = useTask(async () => {
    const chat = await talk().chats.create({
      type: kind, name: name.trim(), description: description.trim(), member_ids: people.map((user) => user.id),
      ...(kind === "channel" ? { public: open } : {}),
    });
    // Turned away from meanwhile: it is in the list.
    if (!alive.current) return;
    onClose();
    go(paths.chat(chat.id));
  });
  const toggle = (user: User): void =>
    setPeople(people.some((one) => one.id === user.id) ? people.filter((one) => one.id !== user.id) : [...people, user]);

  if (kind === "direct") {
    return (
      <Dialog title={t("new.direct")} onClose={onClose}>
        <PeoplePicker
          single
          chosen={[]}
          onToggle={(user) => {
            onClose();
            writeTo(user.id);
          }}
        />
      </Dialog>
    );
  }
  return (
    <Dialog title={t(`new.${kind}`)} onClose={onClose}>
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
        <p class="soft small">{t(`new.${kind}.text`)}</p>
        <Field
          label={t("details.name")}
          name="name"
          value={name}
          maxLength={100}
          focus
          error={fault}
          onInput={(value) => {
            setName(value);
            setFault(undefined);
          }}
        />
        <Field label={t("details.about")} name="description" value={description} onInput={setDescription} optional lines />
        {kind === "channel" && <Switch label={t("details.public")} hint={t("details.public.text")} on={open} onChange={setOpen} />}
        {kind !== "room" && <PeoplePicker chosen={people} onToggle={toggle} />}
        <div class="row">
          <Button kind="text" onClick={onClose}>{t("action.cancel")}</Button>
          <Button submit busy={task.busy}>{t("new.create")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
