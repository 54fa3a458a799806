import { useState } from "preact/hooks";
import { askServer, errorText, i18n, t } from "../../app";
import type { RegistrationInvite, ServerSettings } from "../../core/api/types";
import { bytes } from "../../formats";
import { Button, IconButton } from "../../ui/Button";
import { FactLine } from "../../ui/FactLine";
import { Field } from "../../ui/Field";
import { ErrorNotice } from "../../ui/Notice";
import { Select } from "../../ui/Select";
import { toast } from "../../ui/Toast";
import { useLoaded } from "../../ui/useLoaded";
import { usePaged } from "../../ui/usePaged";
import { useTask } from "../../ui/useTask";
import { CopyButton } from "../accounts/CopyButton";
import { required } from "../accounts/fieldErrors";
import { Card, WhenLoaded } from "../accounts/Section";
import { admin } from "./calls";
import { inGiga, ofGiga } from "./giga";

const doors = ["open", "invite", "closed"] as const;

export function AdminServer() {
  const [settings, { reload }] = useLoaded(admin.settings);
  return (
    <>
      <WhenLoaded loaded={settings} reload={reload}>{(value) => <Settings first={value} />}</WhenLoaded>
      <Invitations />
      <Health />
    </>
  );
}

function Settings({ first }: { first: ServerSettings }) {
  const [name, setName] = useState(first.brand_name ?? "");
  const [colour, setColour] = useState(first.brand_color || "#3559d6");
  const [door, setDoor] = useState(first.registration ?? "open");
  const [quota, setQuota] = useState(first.default_quota_bytes ? inGiga(first.default_quota_bytes) : "");
  const [named, setNamed] = useState<string>();
  const limit = ofGiga(quota);
  const save = useTask(async (quotaBytes: number) => {
    await admin.saveSettings({ brand_name: name.trim(), brand_color: colour, registration: door, default_quota_bytes: quotaBytes });
    toast(t("admin.saved"));
    await askServer();
  });
  return (
    <Card title={t("settings.title")}>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const fault = required(name);
          setNamed(fault);
          if (!fault && limit !== null) save.run(limit);
        }}
      >
        <ErrorNotice text={save.error ? errorText(save.error) : null} />
        <Field label={t("details.name")} name="brand" value={name} onInput={setName} maxLength={64} error={named} />
        <label class="field">
          <span class="field-label">{t("look.colour")}</span>
          <input type="color" class="colour-box" value={colour} onInput={(event) => setColour(event.currentTarget.value)} />
        </label>
        <Select label={t("admin.registration")} value={door} choices={doors.map((value) => ({ value, text: t(`admin.registration.${value}`) }))} onChange={(value) => setDoor(value as (typeof doors)[number])} />
        <Field label={t("admin.quota.gb")} name="quota" inputMode="numeric" value={quota} onInput={setQuota} hint={t("admin.quota.none")} error={limit === null ? t("error.validation_failed") : undefined} optional />
        <Button submit busy={save.busy}>{t("action.save")}</Button>
      </form>
    </Card>
  );
}

function Invitations() {
  const invites = usePaged<RegistrationInvite>((cursor) => admin.invites(cursor), []);
  const make = useTask(async () => invites.set([await admin.invite(), ...(invites.items ?? [])]));
  const drop = useTask(async (one: RegistrationInvite) => {
    await admin.uninvite(one.id);
    invites.set((invites.items ?? []).filter((other) => other.id !== one.id));
  });
  const error: unknown = make.error ?? drop.error ?? invites.error;
  return (
    <Card title={t("invite.title")}>
      <ErrorNotice text={error ? errorText(error) : null} />
      <ul class="stack">
        {invites.items?.map((one) => (
          <li key={one.id} class="invite">
            {one.url && <p class="secret">{one.url}</p>}
            <div class="row">
              <span class="small soft grow"><FactLine facts={[t("invite.uses", { count: one.uses }), t("invite.until", { date: i18n.date(one.expires_at) })]} /></span>
              {one.url && <CopyButton text={one.url} label={t("invite.title")} sign />}
              <IconButton icon="trash" danger label={t("action.remove")} onClick={() => drop.run(one)} />
            </div>
          </li>
        ))}
      </ul>
      <Button kind="tonal" icon="link" busy={make.busy} onClick={() => make.run()}>{t("invite.make")}</Button>
    </Card>
  );
}

function Health() {
  const [loaded, { reload }] = useLoaded(admin.status);
  return (
    <WhenLoaded loaded={loaded} reload={reload}>
      {(status) => (
        <Card title={t("admin.health")}>
          <dl class="facts">
            <div><dt>{t("filter.direct")}</dt><dd>{i18n.number(status.users)}</dd></div>
            <div><dt>{t("admin.disk")}</dt><dd>{bytes(status.disk_free_bytes)}</dd></div>
            <div><dt>{t("admin.database")}</dt><dd dir="ltr">{status.database}</dd></div>
            <div><dt>{t("search.inFiles")}</dt><dd dir="ltr">{status.storage}</dd></div>
          </dl>
        </Card>
      )}
    </WhenLoaded>
  );
}
