import { useState } from "preact/hooks";
import { own, session, t } from "../../app";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { ErrorNotice } from "../../ui/Notice";
import { toast } from "../../ui/Toast";
import { useTask } from "../../ui/useTask";
import { splitError } from "./fieldErrors";
import { Form } from "./Form";
import { PhotoCard } from "./PhotoCard";
import { Card } from "./Section";

export function ProfileSection() {
  const user = session.user.value;
  const [name, setName] = useState(user?.name ?? "");
  const [bio, setBio] = useState(user?.bio ?? "");
  const task = useTask(async () => {
    session.update(await own.save({ name: name.trim(), bio: bio.trim() }));
    toast(t("profile.saved"));
  });
  if (!user) return null;
  const refused = splitError(task.error, ["name", "bio"]);
  return (
    <>
      <PhotoCard user={user} />
      <Card>
        <dl class="facts small">
          <dt>{t("field.username")}</dt>
          <dd><bdi>@{user.username}</bdi></dd>
          {user.email && <dt>{t("field.email")}</dt>}
          {user.email && <dd><bdi>{user.email}</bdi></dd>}
        </dl>
        <Form
          onSubmit={() => {
            task.run();
            return true;
          }}
        >
          <ErrorNotice text={refused.rest} />
          <Field
            label={t("field.name")}
            name="name"
            value={name}
            onInput={setName}
            hint={t("field.name.hint")}
            error={refused.faults.name}
            autoComplete="name"
            maxLength={64}
            optional
          />
          <Field
            label={t("field.bio")}
            name="bio"
            value={bio}
            onInput={setBio}
            error={refused.faults.bio}
            maxLength={500}
            lines
            optional
          />
          <Button submit busy={task.busy}>{t("action.save")}</Button>
        </Form>
      </Card>
    </>
  );
}
