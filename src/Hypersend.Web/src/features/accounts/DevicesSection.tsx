import { useState } from "preact/hooks";
import { errorText, i18n, own, session, t } from "../../app";
import type { PageOfSession, Session } from "../../core/api/types";
import { deviceOf } from "../../core/device";
import { Button, IconButton } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { FactLine } from "../../ui/FactLine";
import { Icon } from "../../ui/Icon";
import { ErrorNotice } from "../../ui/Notice";
import { toast } from "../../ui/Toast";
import { useLoaded } from "../../ui/useLoaded";
import { useTask } from "../../ui/useTask";
import { goOut, leavesUnsent } from "./goOut";
import { Card, WhenLoaded } from "./Section";

export function DevicesSection() {
  const [loaded, { set, reload }] = useLoaded(() => own.sessions());
  return (
    <WhenLoaded loaded={loaded} reload={reload}>
      {(page) => <Devices page={page} onChange={set} />}
    </WhenLoaded>
  );
}

function Devices({ page, onChange }: { page: PageOfSession; onChange: (page: PageOfSession) => void }) {
  const end = useTask(async (ended: Session) => {
    await own.endSession(ended.id);
    onChange({ ...page, items: page.items.filter((item) => item.id !== ended.id) });
    toast(t("devices.ended"));
  });
  const more = useTask(async () => {
    const next = await own.sessions(page.next_cursor);
    onChange({ ...next, items: [...page.items, ...next.items] });
  });
  const error: unknown = end.error ?? more.error;
  const sorted = [...page.items].sort((a, b) => Number(b.current) - Number(a.current));
  return (
    <>
      <ErrorNotice text={error ? errorText(error) : null} />
      <Card title={t("devices.count", { count: page.items.length })}>
        <ul>{sorted.map((item) => <Device key={item.id} session={item} onEnd={() => end.run(item)} />)}</ul>
        {page.next_cursor && (
          <Button kind="tonal" busy={more.busy} onClick={() => more.run()}>{t("devices.more")}</Button>
        )}
        <LogOutEverywhere />
      </Card>
    </>
  );
}

function Device({ session: item, onEnd }: { session: Session; onEnd: () => void }) {
  const device = deviceOf(item.user_agent);
  const name = !device
    ? t("devices.unknown")
    : device.browser && device.system
      ? t("devices.name", { browser: device.browser, system: device.system })
      : device.browser || device.system;
  return (
    <li class="device">
      <Icon name={device?.handheld ? "phone" : "screen"} />
      <div class="grow">
        <p class="title">{name}</p>
        <p class="small soft">
          <FactLine facts={[t("devices.active", { time: i18n.ago(item.last_used_at ?? item.created_at) }), item.address]} />
        </p>
      </div>
      {item.current
        ? <span class="badge on">{t("devices.this")}</span>
        : <IconButton icon="leave" danger label={t("devices.end", { device: name })} onClick={onEnd} />}
    </li>
  );
}

function LogOutEverywhere() {
  const [open, setOpen] = useState(false);
  const task = useTask(() => goOut(() => session.leave(true)));
  return (
    <>
      <Button kind="tonal" danger onClick={() => setOpen(true)}>{t("devices.all")}</Button>
      {open && (
        <Dialog title={t("devices.all")} onClose={() => setOpen(false)}>
          <p>{t("devices.all.text")}</p>
          {leavesUnsent() && <p><strong>{t("logout.unsent")}</strong></p>}
          <ErrorNotice text={task.error ? errorText(task.error) : null} />
          <div class="row">
            <Button kind="text" onClick={() => setOpen(false)}>{t("action.cancel")}</Button>
            <Button danger busy={task.busy} onClick={() => task.run()}>{t("devices.all")}</Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
