import { useState } from "preact/hooks";
import { own, session, t } from "../../app";
import { Button } from "../../ui/Button";
import { ErrorNotice } from "../../ui/Notice";
import { passwordFault, PasswordField } from "../../ui/PasswordField";
import { toast } from "../../ui/Toast";
import { useTask } from "../../ui/useTask";
import { keepFaults, splitError, type Faults } from "./fieldErrors";
import { Form } from "./Form";
import { Card } from "./Section";

type Name = "current_password" | "password";

export function PasswordCard() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [found, setFound] = useState<Faults<Name>>({});
  const task = useTask(async () => {
    await own.changePassword(current, next);
    setCurrent("");
    setNext("");
    toast(t("security.password.saved"));
  });
  const refused = splitError<Name>(task.error, ["current_password", "password"]);
  const user = session.user.value;
  return (
    <Card title={t("security.password")}>
      <p class="soft">{t("security.password.text")}</p>
      <Form
        onSubmit={() => {
          const wrong = keepFaults<Name>({
            current_password: current ? undefined : t("field.required"),
            password: passwordFault(next),
          });
          setFound(wrong);
          if (Object.keys(wrong).length > 0) return false;
          task.run();
          return true;
        }}
      >
        {/* Password managers need the name beside the passwords. */}
        <input type="text" name="username" autoComplete="username" value={user?.username ?? ""} hidden readOnly />
        <ErrorNotice text={refused.rest} />
        <PasswordField
          label={t("password.current")}
          name="current_password"
          value={current}
          onInput={setCurrent}
          error={found.current_password ?? refused.faults.current_password}
        />
        <PasswordField
          label={t("password.new")}
          name="new_password"
          value={next}
          onInput={setNext}
          error={found.password ?? refused.faults.password}
          own={user ? [user.username] : []}
          fresh
        />
        <Button submit busy={task.busy}>{t("security.password")}</Button>
      </Form>
    </Card>
  );
}
