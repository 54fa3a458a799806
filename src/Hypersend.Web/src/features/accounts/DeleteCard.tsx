import { useState } from "preact/hooks";
import { own, session, t } from "../../app";
import { messenger } from "../../talk";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { ErrorNotice } from "../../ui/Notice";
import { PasswordField } from "../../ui/PasswordField";
import { useTask } from "../../ui/useTask";
import { splitError } from "./fieldErrors";
import { Form } from "./Form";
import { forget } from "./goOut";
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

/** The password rather than a word to type: whoever finds the page open cannot end the account. */
function DeleteDialog({ onClose }: { onClose: () => void }) {
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<string>();
  const task = useTask(async () => {
    const here = messenger.peek();
    await own.remove(password);
    session.ended();
    await forget(here);
  });
  const refused = splitError(task.error, ["password"]);
  return (
    <Dialog title={t("delete.title")} onClose={onClose}>
      <p>{t("delete.text")}</p>
      <Form
        onSubmit={() => {
          setFault(password ? undefined : t("field.required"));
          if (password) task.run();
          return password !== "";
        }}
      >
        <ErrorNotice text={refused.rest} />
        <PasswordField
          label={t("password.current")}
          value={password}
          onInput={(value) => {
            setPassword(value);
            setFault(undefined);
            task.clear();
          }}
          error={fault ?? refused.faults.password}
        />
        <div class="row">
          <Button kind="text" onClick={onClose}>{t("action.cancel")}</Button>
          <Button submit danger busy={task.busy}>{t("delete.submit")}</Button>
        </div>
      </Form>
    </Dialog>
  );
}
