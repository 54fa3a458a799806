import { useEffect, useState } from "preact/hooks";
import { accounts, session, t } from "../../app";
import { Button } from "../../ui/Button";
import { Link } from "../../ui/Link";
import { ErrorNotice } from "../../ui/Notice";
import { passwordFault, PasswordField } from "../../ui/PasswordField";
import { useTask } from "../../ui/useTask";
import { EntryPage } from "./EntryPage";
import { splitError } from "./fieldErrors";
import { Form } from "./Form";
import { useToken } from "./takeToken";

export function ResetPassword() {
  const token = useToken();
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<string>();
  const [done, setDone] = useState(false);
  const task = useTask(async () => {
    await accounts.resetPassword(token, password);
    // The reset ended every session, the one of this browser included.
    session.ended();
    setDone(true);
  });
  useEffect(() => {
    setDone(false);
    task.clear();
  }, [token]);

  if (done) {
    return (
      <EntryPage title={t("reset.done.title")} text={t("reset.done.text")}>
        <Link to="/login" className="button wide">{t("login.title")}</Link>
      </EntryPage>
    );
  }
  if (!token) {
    return (
      <EntryPage title={t("reset.missing.title")} text={t("reset.missing.text")}>
        <Link to="/forgot" className="button wide">{t("reset.again")}</Link>
      </EntryPage>
    );
  }
  const refused = splitError(task.error, ["password"]);
  return (
    <EntryPage title={t("reset.title")} text={t("reset.text")}>
      <Form
        onSubmit={() => {
          const found = passwordFault(password);
          setFault(found);
          if (!found) task.run();
          return !found;
        }}
      >
        <ErrorNotice text={refused.rest} />
        <PasswordField
          label={t("password.new")}
          value={password}
          onInput={setPassword}
          error={fault ?? refused.faults.password}
          fresh
        />
        <Button submit wide busy={task.busy}>{t("action.save")}</Button>
      </Form>
      {refused.rest !== null && (
        <nav class="entry-links"><Link to="/forgot">{t("reset.again")}</Link></nav>
      )}
    </EntryPage>
  );
}
