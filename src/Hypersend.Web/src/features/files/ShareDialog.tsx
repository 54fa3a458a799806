import { useState } from "preact/hooks";
import { errorText, i18n, t } from "../../app";
import type { FileLink, SharedFile } from "../../core/api/types";
import { files } from "../../files";
import { duration } from "../../formats";
import { Button, IconButton } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { FactLine } from "../../ui/FactLine";
import { Field } from "../../ui/Field";
import { ErrorNotice } from "../../ui/Notice";
import { Message, Waiting } from "../../ui/Screen";
import { Select } from "../../ui/Select";
import { useLoaded } from "../../ui/useLoaded";
import { useTask } from "../../ui/useTask";
import { CopyButton } from "../accounts/CopyButton";

const days = [1, 7, 30, 0] as const;

/** A link for people without an account: a page with the file's name and one button. */
export function ShareDialog({ file, onClose }: { file: SharedFile; onClose: () => void }) {
  const [loaded, { set, reload }] = useLoaded(() => files.links(file.id));
  const [until, setUntil] = useState("7");
  const [password, setPassword] = useState("");
  const make = useTask(async () => {
    const made = await files.share(file.id, {
      ...(until === "0" ? {} : { expires_in: Number(until) * 86_400 }), ...(password ? { password } : {}),
    });
    setPassword("");
    if (loaded.state === "ready") set({ ...loaded.value, items: [made, ...loaded.value.items] });
  });
  const drop = useTask(async (link: FileLink) => {
    await files.unshare(link.id);
    if (loaded.state === "ready") set({ ...loaded.value, items: loaded.value.items.filter((other) => other.id !== link.id) });
  });
  const error: unknown = make.error ?? drop.error;
  return (
    <Dialog title={t("share.title")} onClose={onClose}>
      <p class="soft small">{t("share.text")}</p>
      <ErrorNotice text={error ? errorText(error) : null} />
      <Select
        label={t("share.until")}
        value={until}
        choices={days.map((count) => ({ value: String(count), text: count === 0 ? t("share.forever") : duration(count, "day") }))}
        onChange={setUntil}
      />
      <Field label={t("password")} name="link-password" value={password} onInput={setPassword} optional />
      <div class="row"><Button icon="link" busy={make.busy} onClick={() => make.run()}>{t("invite.make")}</Button></div>
      {loaded.state === "loading" && <Waiting inner />}
      {loaded.state === "failed" && <Message inner title={errorText(loaded.error)} action={t("action.retry")} onAction={reload} />}
      {loaded.state === "ready" && (
        <ul class="stack">
          {loaded.value.items.map((link) => (
            <li key={link.id} class="invite">
              {link.url && <p class="secret">{link.url}</p>}
              <div class="row">
                <span class="small soft grow">
                  <FactLine facts={[t("invite.uses", { count: link.downloads }), link.expires_at && t("invite.until", { date: i18n.date(link.expires_at) })]} />
                </span>
                {link.url && <CopyButton text={link.url} label={t("share.title")} sign />}
                <IconButton icon="trash" danger label={t("action.remove")} onClick={() => drop.run(link)} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
