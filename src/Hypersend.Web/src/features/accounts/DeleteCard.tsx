import { useState } from "preact/hooks";
import { errorText, own, session, t } from "../../app";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { ErrorNotice } from "../../ui/Notice";
import { useTask } from "../../ui/useTask";
import { Form } from "./Form";
import { Card } from "./Section";

export function DeleteCard() {
  const [open, setOpen] = useState(false);
  return (
    <Card title={t("delete.title")} danger>
      <p class="soft">{t("delete.text")}</p>
      <Button kind="tonal" danger onClick={() => setOpen(true)}>{t("delete.title")}</Button>
      {open && <DeleteDialog onClose={() => setOpen(false)} />}
    </Card>
  );
}

function DeleteDialog({ onClose }: { onClose: () => void }) {
  const username = session.user.value?.username ?? "";
  const [typed, setTyped] = useState("");
  const [fault, setFault] = useState<string>();
  const task = useTask(async () => {
    await own.remove();
    session.ended();
  });
  return (
    <Dialog title={t("delete.title")} onClose={onClose}>
      <p>{t("delete.text")}</p>
      <Form
        onSubmit={() => {
          const matches = typed.trim().toLowerCase() === username.toLowerCase();
          setFault(matches ? undefined : t("delete.confirm", { username }));
          if (matches) task.run();
          return matches;
        }}
      >
        <ErrorNotice text={task.error ? errorText(task.error) : null} />
        <Field
          label={t("delete.confirm", { username })}
          name="confirm"
          value={typed}
          onInput={setTyped}
          error={fault}
        />
        <div class="row">
          <Button kind="text" onClick={onClose}>{t("action.cancel")}</Button>
          <Button submit danger busy={task.busy}>{t("delete.submit")}</Button>
        </div>
      </Form>
    </Dialog>
  );
}
