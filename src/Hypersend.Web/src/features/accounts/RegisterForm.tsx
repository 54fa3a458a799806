import { useState } from "preact/hooks";
import { accounts, askServer, session, t } from "../../app";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { ErrorNotice } from "../../ui/Notice";
import { passwordFault, PasswordField } from "../../ui/PasswordField";
import { useTask } from "../../ui/useTask";
import { emailFault, keepFaults, required, splitError, usernameFault, type Faults } from "./fieldErrors";
import { Form } from "./Form";
import { useFragment } from "./takeToken";

const names = ["username", "email", "name", "password", "invite", "setup_code"] as const;
type Name = (typeof names)[number];

/** An invitation link carries its code in the fragment, which no server or log sees. */
const invitedBy = (): string => new URLSearchParams(location.hash.slice(1)).get("invite") ?? "";

export function RegisterForm({ invite, first, setup, onMailSent }: {
  invite: boolean;
  /** Nobody runs the server yet. */
  first: boolean;
  /** From here only the set-up code makes an admin. */
  setup: boolean;
  /** Where addresses are confirmed, the account waits for the link of a mail. */
  onMailSent: (email: string) => void;
}) {
  const [values, setValues] = useState<Record<Name, string>>(() => ({
    username: "", email: "", name: "", password: "", invite: invitedBy(), setup_code: "",
  }));
  const [found, setFound] = useState<Faults<Name>>({});
  const task = useTask(async () => {
    const said = (name: Name): object => (values[name].trim() ? { [name]: values[name].trim() } : {});
    const answer = await accounts.register({
      username: values.username.trim(),
      email: values.email.trim(),
      password: values.password,
      ...said("name"),
      ...said("invite"),
      ...said("setup_code"),
    });
    // The first account changes what this page says to the next one.
    if (first) void askServer();
    if ("access_token" in answer) session.enter(answer);
    else onMailSent(answer.email);
  });
  useFragment(() => {
    setValues((now) => ({ ...now, invite: invitedBy() || now.invite }));
    task.clear();
  });
  const refused = splitError(task.error, names);
  const faults: Faults<Name> = { ...refused.faults, ...found };
  const bind = (name: Name) => ({
    name,
    value: values[name],
    error: faults[name],
    onInput: (value: string) => {
      setValues((now) => ({ ...now, [name]: value }));
      setFound(({ [name]: _, ...others }) => others as Faults<Name>);
      task.clear();
    },
  });

  return (
    <Form
      onSubmit={() => {
        const wrong = keepFaults<Name>({
          username: usernameFault(values.username),
          email: emailFault(values.email),
          password: passwordFault(values.password),
          invite: invite ? required(values.invite) : undefined,
        });
        setFound(wrong);
        if (Object.keys(wrong).length > 0) return false;
        task.run();
        return true;
      }}
    >
      <ErrorNotice text={refused.rest} />
      {invite && <Field {...bind("invite")} label={t("field.invite")} />}
      <Field {...bind("username")} label={t("field.username")} hint={t("field.username.hint")} autoComplete="username" />
      <Field {...bind("email")} label={t("field.email")} type="email" inputMode="email" autoComplete="email" />
      <Field
        {...bind("name")}
        label={t("field.name")}
        autoComplete="name"
        maxLength={100}
        optional
      />
      <PasswordField
        {...bind("password")}
        label={t("password")}
        fresh
        own={[values.username, values.email.split("@")[0] ?? ""]}
      />
      {setup && <Field {...bind("setup_code")} label={t("field.setup")} hint={t("field.setup.hint")} optional />}
      <Button submit wide busy={task.busy}>{t("register.title")}</Button>
    </Form>
  );
}
