import { useState } from "preact/hooks";
import { errorText, t } from "../../app";
import type { ScheduledMessage } from "../../core/api/types";
import { fullDate } from "../../formats";
import { talk } from "../../talk";
import { serverTime } from "../../time";
import { Button, IconButton } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { ErrorNotice } from "../../ui/Notice";
import { Message } from "../../ui/Screen";
import { toast } from "../../ui/Toast";
import { useLoaded } from "../../ui/useLoaded";
import { useLate } from "../../ui/useLate";
import { useTask } from "../../ui/useTask";
import { deskOf } from "./desk";

/** The server takes nothing that is further away. */
const yearMs = 365 * 86_400_000;

const pad = (value: number): string => String(value).padStart(2, "0");
const localTime = (date: Date): string =>
  `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:${pad(date.getMinutes())}`;

const openWithinMs = 400;

/** Writes now, sends later; and shows what waits. */
export function ScheduleDialog({ chat, onClose }: { chat: string; onClose: () => void }) {
  const desk = deskOf(chat, null);
  const [text, setText] = useState(desk.text.value);
  const [at, setAt] = useState(() => localTime(new Date(serverTime.now() + 3_600_000)));
  const [fault, setFault] = useState<string>();
  const [loaded, { set, reload }] = useLoaded(() => talk().messages.scheduled(chat));
  const isLate = useLate(openWithinMs);
  const waiting = loaded.state === "ready" ? loaded.value : [];
  const drop = useTask(async (one: ScheduledMessage) => {
    await talk().messages.unschedule(one.scheduled_id);
    set(waiting.filter((other) => other !== one));
  });
  function send(): void {
    if (!text.trim()) return setFault(t("field.required"));
    const when = new Date(at);
    if (!(when.getTime() > serverTime.now() && when.getTime() < serverTime.now() + yearMs)) return setFault(t("error.validation_failed"));
    talk().outbox.send({ chatId: chat, content: text.trim(), sendAt: when.toISOString() });
    desk.text.value = "";
    talk().chats.draft(chat, "");
    toast(t("state.queued"));
    onClose();
  }
  // It opens in its full height: what came into it later would move what one is about to touch.
  if (loaded.state === "loading" && !isLate) return null;
  return (
    <Dialog holds title={t("schedule.title")} onClose={onClose}>
      <ErrorNotice text={drop.error ? errorText(drop.error) : null} />
      <Field label={t("composer.label")} name="text" value={text} lines focus error={fault} onInput={(value) => {
        setText(value);
        setFault(undefined);
      }} />
      <label class="field">
        <span class="field-label">{t("schedule.when")}</span>
        <span class="box"><input type="datetime-local" value={at} min={localTime(new Date(serverTime.now()))} max={localTime(new Date(serverTime.now() + yearMs))} onInput={(event) => setAt(event.currentTarget.value)} /></span>
      </label>
      <div class="row">
        <Button kind="text" onClick={onClose}>{t("action.cancel")}</Button>
        <Button icon="clock" onClick={send}>{t("schedule.send")}</Button>
      </div>
      {loaded.state === "failed" && <Message inner title={errorText(loaded.error)} action={t("action.retry")} onAction={reload} />}
      <ul class="stack">
        {waiting.map((one) => (
          <li key={one.scheduled_id} class="row">
            <span class="grow stack tight"><span class="one-line" dir="auto">{one.content}</span><span class="small soft">{fullDate(one.send_at)}</span></span>
            <IconButton icon="trash" danger label={t("action.delete")} onClick={() => drop.run(one)} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
