import { useState } from "preact/hooks";
import { askServer, errorText, server, serverError, serverName, t } from "../../app";
import { Button } from "../../ui/Button";
import { Link } from "../../ui/Link";
import { ErrorNotice } from "../../ui/Notice";
import { Waiting } from "../../ui/Screen";
import { EntryPage } from "./EntryPage";
import { RegisterForm } from "./RegisterForm";

/** Registration depends on the server: open, by invitation, closed, or its very first account. */
export function Register() {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const info = server.value;
  if (!info) {
    if (serverError.value === null) return <Waiting />;
    return (
      <EntryPage title={t("register.title")}>
        <div class="stack">
          <ErrorNotice text={errorText(serverError.value)} />
          <Button wide onClick={() => void askServer()}>{t("action.retry")}</Button>
        </div>
      </EntryPage>
    );
  }
  if (sentTo !== null) {
    return (
      <EntryPage title={t("forgot.sent.title")} text={t("confirm.sent.text", { email: sentTo })}>
        <Link to="/login" className="button wide">{t("action.toLogin")}</Link>
      </EntryPage>
    );
  }
  const first = info.needs_setup;
  if (info.registration === "closed" && !first) {
    return (
      <EntryPage
        title={t("register.closed.title")}
        text={t("register.closed.text", { server: serverName() })}
      >
        <Link to="/login" className="button wide">{t("action.toLogin")}</Link>
      </EntryPage>
    );
  }
  return (
    <EntryPage
      title={t(first ? "register.first.title" : "register.title")}
      text={first ? t("register.first.text") : undefined}
    >
      <RegisterForm invite={info.registration === "invite" && !first} first={first} setup={info.needs_setup_code} onMailSent={setSentTo} />
      <nav class="entry-links">
        <span class="row">
          <span class="soft">{t("register.have")}</span>
          <Link to="/login">{t("login.title")}</Link>
        </span>
      </nav>
    </EntryPage>
  );
}
