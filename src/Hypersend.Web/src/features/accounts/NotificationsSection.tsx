import { useState } from "preact/hooks";
import { errorText, server, serverName, t } from "../../app";
import type { NotificationSettings } from "../../core/api/types";
import { Button } from "../../ui/Button";
import { ErrorNotice, Notice } from "../../ui/Notice";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { TimeField } from "../../ui/TimeField";
import { toast } from "../../ui/Toast";
import { isPushed, subscribePush, testPush } from "../shell/appWorker";
import { askPermission, notify, permission, takeSettings } from "../shell/notifications";
import { Card, WhenLoaded } from "./Section";
import { useSettings } from "./useSettings";

const levels = ["all", "mentions", "nothing"] as const;

export function NotificationsSection() {
  const { loaded, reload, error, again, save: saveAll } = useSettings((saved) => takeSettings(saved.notifications));
  const save = (notifications: NotificationSettings): void => saveAll({ notifications });
  return (
    <>
      <ThisDevice />
      <WhenLoaded loaded={loaded} reload={reload}>
        {({ notifications }) => (
          <Card>
            <ErrorNotice text={error ? errorText(error) : null} onRetry={again} />
            <Select
              label={t("notify.level")}
              value={notifications?.level ?? "all"}
              choices={levels.map((value) => ({ value, text: t(`notify.${value}`) }))}
              onChange={(value) => save({ level: value as (typeof levels)[number] })}
            />
            <Switch label={t("notify.preview")} on={notifications?.preview ?? true} onChange={(preview) => save({ preview })} />
            <Switch label={t("notify.sound")} on={notifications?.sound ?? true} onChange={(sound) => save({ sound })} />
            <QuietHours from={notifications?.quiet_from ?? ""} to={notifications?.quiet_to ?? ""} onChange={save} />
            {server.value?.sends_digests && (
              <Switch
                label={t("notify.digest")}
                hint={t("notify.digest.hint")}
                on={notifications?.digest === "daily"}
                onChange={(on) => save({ digest: on ? "daily" : "off" })}
              />
            )}
          </Card>
        )}
      </WhenLoaded>
    </>
  );
}

/** By the clock of where they are chosen: the zone goes along with each choice. */
function QuietHours({ from, to, onChange }: { from: string; to: string; onChange: (change: NotificationSettings) => void }) {
  const on = from !== "" && to !== "";
  const choose = (quiet_from: string, quiet_to: string): void =>
    onChange({ quiet_from, quiet_to, zone: new Intl.DateTimeFormat().resolvedOptions().timeZone });
  return (
    <>
      <Switch label={t("notify.quiet")} hint={t("notify.quiet.hint")} on={on} onChange={(now) => (now ? choose("22:00", "07:00") : choose("", ""))} />
      {on && (
        <div class="row times">
          <TimeField label={t("notify.from")} value={from} onChange={(time) => choose(time, to)} />
          <TimeField label={t("notify.to")} value={to} onChange={(time) => choose(from, time)} />
        </div>
      )}
    </>
  );
}

/** What this browser allows is its own matter; asked for by a click, tried out by another. */
function ThisDevice() {
  const [state, setState] = useState(permission);
  async function allow(): Promise<void> {
    const answer = await askPermission();
    setState(answer);
    if (answer === "granted") await subscribePush();
  }
  async function test(): Promise<void> {
    // By the way a message takes when the app is closed, where there is one; else by this page.
    const pushed = (await isPushed()) || (await subscribePush());
    if (pushed && (await testPush().then(({ devices }) => devices > 0, () => false))) return toast(t("state.sent"));
    if (!notify(serverName(), t("notify.hidden"), () => undefined)) toast(t("notify.missing"));
  }
  return (
    <Card title={t("storage.device")}>
      {state === "missing" && <Notice icon="bellOff">{t("notify.missing")}</Notice>}
      {state === "denied" && <Notice icon="bellOff">{t(isSecureContext ? "notify.denied" : "app.plain")}</Notice>}
      {state === "default" && (
        <>
          <p class="soft">{t("notify.ask")}</p>
          <Button icon="bell" onClick={() => void allow()}>{t("notify.allow")}</Button>
        </>
      )}
      {state === "granted" && (
        <Button
          kind="tonal"
          icon="bell"
          onClick={() => void test()}
        >
          {t("notify.test")}
        </Button>
      )}
    </Card>
  );
}
