import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { own, session, t } from "../../app";
import type { User } from "../../core/api/types";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { ErrorNotice } from "../../ui/Notice";
import { PasswordField } from "../../ui/PasswordField";
import { toast } from "../../ui/Toast";
import { useTask } from "../../ui/useTask";
import { emailFault, keepFaults, required, splitError, usernameFault, type Faults } from "./fieldErrors";
import { Form } from "./Form";
import { Card } from "./Section";

const names = ["name", "username", "bio", "email", "current_password"] as const;
type Name = (typeof names)[number];

/** What others see, and the address that opens the account: to move that one takes the password. */
export function ProfileCard({ user }: { user: User }) {
  const saved = { name: user.name, username: user.username, bio: user.bio, email: user.email ?? "" };
  const [values, setValues] = useState<Record<Name, string>>({ ...saved, current_password: "" });
  // What is known of a person before the server answers has no address; what was not typed over follows it when it does.
  const shown = useRef(saved);
  useLayoutEffect(() => {
    const before = shown.current;
    shown.current = saved;
    setValues((now) => Object.fromEntries(
      names.map((name) => [name, name !== "current_password" && now[name] === before[name] ? saved[name] : now[name]]),
    ) as Record<Name, string>);
  }, [user]);
  const [found, setFound] = useState<Faults<Name>>({});
  const changed = (["name", "username", "bio", "email"] as const).some((name) => values[name] !== saved[name]);
  const moves = values.email.trim() !== saved.email;
  const task = useTask(async () => {
    const next = await own.save({
      name: values.name.trim(),
      bio: values.bio.trim(),
      // Left out when unchanged: an account of another shape of name or without an address keeps what it has.
      ...(values.username.trim() === saved.username ? {} : { username: values.username.trim() }),
      ...(moves ? { email: values.email.trim(), current_password: values.current_password } : {}),
    });
    session.update(next);
    const fresh = { name: next.name, username: next.username, bio: next.bio, email: next.email ?? "", current_password: "" };
    // What was typed while the answer was on its way stays.
    setValues((now) => Object.fromEntries(
      names.map((name) => [name, now[name] === values[name] ? fresh[name] : now[name]]),
    ) as Record<Name, string>);
    toast(t("profile.saved"));
  });
  const refused = splitError<Name>(task.error, names);
  const bind = (name: Name) => ({
    name,
    value: values[name],
    error: found[name] ?? refused.faults[name],
    onInput: (value: string) => {
      setValues((now) => ({ ...now, [name]: value }));
      setFound(({ [name]: _, ...others }) => others as Faults<Name>);
      task.clear();
    },
  });
  return (
    <Card>
      <Form
        onSubmit={() => {
          const wrong = keepFaults<Name>({
            name: required(values.name),
            username: usernameFault(values.username),
            email: moves ? emailFault(values.email) : undefined,
            current_password: moves && !values.current_password ? t("field.required") : undefined,
          });
          setFound(wrong);
          if (Object.keys(wrong).length > 0) return false;
          task.run();
          return true;
        }}
      >
        <ErrorNotice text={refused.rest} />
        <Field {...bind("name")} label={t("field.name")} hint={t("field.name.hint")} autoComplete="name" maxLength={100} />
        <Field {...bind("username")} label={t("field.username")} hint={t("field.username.hint")} autoComplete="username" />
        <Field {...bind("bio")} label={t("field.bio")} maxLength={500} lines optional />
        <Field {...bind("email")} label={t("field.email")} type="email" inputMode="email" autoComplete="email" />
        {moves && (
          <PasswordField {...bind("current_password")} label={t("password.current")} hint={t("profile.email.password")} />
        )}
        {changed && <Button submit busy={task.busy}>{t("action.save")}</Button>}
      </Form>
    </Card>
  );
}
