import { useState } from "preact/hooks";
import { accounts, errorText, t } from "../../app";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Link } from "../../ui/Link";
import { ErrorNotice } from "../../ui/Notice";
import { useTask } from "../../ui/useTask";
import { EntryPage } from "./EntryPage";
import { emailFault } from "./fieldErrors";
import { Form } from "./Form";

export function ForgotPassword() {
  const [email, setEmail] = useState("");
  const [fault, setFault] = useState<string>();
  const [sent, setSent] = useState(false);
  const task = useTask(async () => {
    await accounts.forgotPassword(email.trim());
    setSent(true);
  });

  if (sent) {
    return (
      <EntryPage title={t("forgot.sent.title")} text={t("forgot.sent.text", { email: email.trim() })}>
        <Link to="/login" className="button wide">{t("action.toLogin")}</Link>
      </EntryPage>
    );
  }
  return (
    <EntryPage title={t("forgot.title")} text={t("forgot.text")}>
      <Form
        onSubmit={() => {
          const found = emailFault(email);
          setFault(found);
          if (!found) task.run();
          return !found;
        }}
      >
        <ErrorNotice text={task.error ? errorText(task.error) : null} />
        <Field
          label={t("field.email")}
          name="email"
          type="email"
          inputMode="email"
          autoComplete="email"
          value={email}
          onInput={setEmail}
          error={fault}
        />
        <Button submit wide busy={task.busy}>{t("forgot.submit")}</Button>
      </Form>
      <nav class="entry-links"><Link to="/login">{t("action.toLogin")}</Link></nav>
    </EntryPage>
  );
}
