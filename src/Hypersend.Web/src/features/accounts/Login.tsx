import { useState } from "preact/hooks";
import { accounts, errorText, server, serverError, askServer, session, t } from "../../app";
import { Problem } from "../../core/problem";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Link } from "../../ui/Link";
import { ErrorNotice, Notice } from "../../ui/Notice";
import { PasswordField } from "../../ui/PasswordField";
import { useTask } from "../../ui/useTask";
import { EntryPage } from "./EntryPage";
import { keepFaults, required, type Faults } from "./fieldErrors";
import { Form } from "./Form";
import { TotpStep } from "./TotpStep";

export function Login() {
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [faults, setFaults] = useState<Faults<"login" | "password">>({});
  const [second, setSecond] = useState(false);

  const task = useTask(async (code?: string) => {
    try {
      session.enter(await accounts.login(login.trim(), password, code));
    } catch (error) {
      if (code === undefined && error instanceof Problem && error.code === "totp_required") setSecond(true);
      else throw error;
    }
  });

  if (second) {
    return (
      <TotpStep
        busy={task.busy}
        error={task.error}
        onCode={task.run}
        onOther={task.clear}
        onBack={() => {
          task.clear();
          setPassword("");
          setSecond(false);
        }}
      />
    );
  }

  return (
    <EntryPage title={t("login.title")} text={t("login.text")}>
      <Form
        onSubmit={() => {
          const found = keepFaults({ login: required(login), password: password ? undefined : t("field.required") });
          setFaults(found);
          if (Object.keys(found).length > 0) return false;
          task.run();
          return true;
        }}
      >
        {session.expelled.value && !task.error && <Notice icon="alert">{t("error.session_ended")}</Notice>}
        <ErrorNotice text={task.error ? errorText(task.error) : serverError.value ? errorText(serverError.value) : null} />
        <Field
          label={t("field.login")}
          name="login"
          value={login}
          onInput={setLogin}
          autoComplete="username"
          error={faults.login}
        />
        <PasswordField label={t("password")} value={password} onInput={setPassword} error={faults.password} />
        <Button submit wide busy={task.busy}>{t("login.title")}</Button>
        {serverError.value !== null && (
          <Button kind="tonal" wide onClick={() => void askServer()}>{t("action.retry")}</Button>
        )}
      </Form>
      <nav class="entry-links">
        <Link to="/forgot">{t("login.forgot")}</Link>
        {server.value?.registration !== "closed" && (
          <span class="row">
            <span class="soft">{t("login.new")}</span>
            <Link to="/register">{t("register.title")}</Link>
          </span>
        )}
      </nav>
    </EntryPage>
  );
}
