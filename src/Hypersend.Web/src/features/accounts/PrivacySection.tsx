import { useState } from "preact/hooks";
import { errorText, t } from "../../app";
import type { PrivacySettings, User } from "../../core/api/types";
import { talk } from "../../talk";
import { Button } from "../../ui/Button";
import { ErrorNotice } from "../../ui/Notice";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { usePaged } from "../../ui/usePaged";
import { PersonRow } from "../people/PersonRow";
import { openPerson } from "../people/openPerson";
import { Card, WhenLoaded } from "./Section";
import { useSettings } from "./useSettings";

const circles = ["everyone", "contacts", "nobody"] as const;

export function PrivacySection() {
  const { loaded, reload, error, again, save: saveAll } = useSettings();
  const save = (privacy: PrivacySettings): void => saveAll({ privacy });
  return (
    <>
      <WhenLoaded loaded={loaded} reload={reload}>
        {(settings) => (
          <Card>
            <ErrorNotice text={error ? errorText(error) : null} onRetry={again} />
            <Select
              label={t("privacy.seen")}
              value={settings.privacy?.last_seen ?? "everyone"}
              choices={circles.map((value) => ({ value, text: t(`privacy.${value}`) }))}
              onChange={(value) => save({ last_seen: value as (typeof circles)[number] })}
            />
            <p class="soft small">{t("privacy.seen.text")}</p>
            {(["messages", "groups"] as const).map((what) => (
              <Select
                key={what}
                label={t(`privacy.${what}`)}
                value={settings.privacy?.[what] ?? "everyone"}
                choices={circles.map((value) => ({ value, text: t(`privacy.${value}`) }))}
                onChange={(value) => save({ [what]: value as (typeof circles)[number] })}
              />
            ))}
            <Switch
              label={t("privacy.receipts")}
              on={settings.privacy?.read_receipts ?? true}
              onChange={(read_receipts) => save({ read_receipts })}
            />
          </Card>
        )}
      </WhenLoaded>
      <Blocked />
    </>
  );
}

function Blocked() {
  const blocked = usePaged<User>((cursor) => talk().people.blocked(cursor), []);
  const [failed, setFailed] = useState<unknown>(null);
  const unblock = (user: User): void => {
    talk().people.block(user.id, false).then(() => blocked.set((blocked.items ?? []).filter((other) => other.id !== user.id)), setFailed);
  };
  const error: unknown = failed ?? blocked.error;
  return (
    <Card title={t("privacy.blocked")}>
      <ErrorNotice text={error ? errorText(error) : null} />
      {blocked.items?.length === 0 && <p class="soft">{t("privacy.blocked.none")}</p>}
      <ul class="rows">
        {blocked.items?.map((user) => (
          <li key={user.id}>
            <PersonRow person={user} onClick={() => openPerson(user.id)}>
              <Button kind="text" onClick={() => unblock(user)}>{t("person.unblock")}</Button>
            </PersonRow>
          </li>
        ))}
      </ul>
      {blocked.more && <Button kind="tonal" busy={blocked.busy} onClick={blocked.next}>{t("devices.more")}</Button>}
    </Card>
  );
}
