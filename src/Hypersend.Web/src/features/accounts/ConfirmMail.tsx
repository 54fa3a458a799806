import { accounts, errorText, session, t } from "../../app";
import { Button } from "../../ui/Button";
import { Link } from "../../ui/Link";
import { ErrorNotice } from "../../ui/Notice";
import { go } from "../../ui/router";
import { useTask } from "../../ui/useTask";
import { EntryPage } from "./EntryPage";
import { useToken } from "./takeToken";

/** The link of the mail after registering. A click, so that programs which open every link of a mail confirm nothing. */
export function ConfirmMail() {
  const token = useToken();
  const task = useTask(async () => {
    session.enter(await accounts.confirm(token));
    go("/", true);
  });
  if (!token) {
    return (
      <EntryPage title={t("reset.missing.title")} text={t("reset.missing.text")}>
        <Link to="/register" className="button wide">{t("register.title")}</Link>
      </EntryPage>
    );
  }
  return (
    <EntryPage title={t("confirm.title")} text={t("confirm.text")}>
      <div class="stack">
        <ErrorNotice text={task.error ? errorText(task.error) : null} />
        <Button wide busy={task.busy} onClick={() => task.run()}>{t("confirm.submit")}</Button>
      </div>
      {task.error !== null && (
        <nav class="entry-links"><Link to="/register">{t("register.title")}</Link></nav>
      )}
    </EntryPage>
  );
}
