import { errorText, t } from "../../app";
import type { SharedFile } from "../../core/api/types";
import { files } from "../../files";
import { bytes } from "../../formats";
import { talk } from "../../talk";
import { Button, IconButton } from "../../ui/Button";
import { confirm } from "../../ui/Confirm";
import { ErrorNotice, Notice } from "../../ui/Notice";
import { ProgressBar } from "../../ui/Progress";
import { toast } from "../../ui/Toast";
import { useLoaded } from "../../ui/useLoaded";
import { usePaged } from "../../ui/usePaged";
import { useTask } from "../../ui/useTask";
import { FileCardView } from "../files/FileCardView";
import { Card, WhenLoaded } from "./Section";

export function StorageSection() {
  const [usage, { reload }] = useLoaded(files.usage);
  return (
    <>
      <WhenLoaded loaded={usage} reload={reload}>
        {({ used_bytes: used, quota_bytes: quota }) => (
          <Card title={t("storage.server")}>
            <p>{quota > 0 ? t("transfer.of", { done: bytes(used), size: bytes(quota) }) : bytes(used)}</p>
            {quota > 0 && <ProgressBar value={Math.min(1, used / quota)} label={t("storage.server")} />}
          </Card>
        )}
      </WhenLoaded>
      <ThisDevice />
      <MyFiles onChange={reload} />
    </>
  );
}

function ThisDevice() {
  const [size, { reload, set }] = useLoaded(() => talk().cacheSize());
  const clear = useTask(async () => {
    await talk().clearCache();
    set(await talk().cacheSize());
    // The browser gives the space back when it likes, so the number alone may say nothing.
    toast(t("storage.cleared"));
  });
  return (
    <WhenLoaded loaded={size} reload={reload}>
      {(held) => (
        <Card title={t("storage.device")}>
          {!talk().persistent.value && <Notice icon="alert">{t("storage.refused")}</Notice>}
          <ErrorNotice text={clear.error ? errorText(clear.error) : null} />
          <p class="soft">{t("storage.device.text")}</p>
          <p>{bytes(held)}</p>
          <Button kind="tonal" busy={clear.busy} onClick={() => clear.run()}>{t("storage.clear")}</Button>
        </Card>
      )}
    </WhenLoaded>
  );
}

function MyFiles({ onChange }: { onChange: () => void }) {
  const mine = usePaged<SharedFile>((cursor) => files.mine(cursor), []);
  const remove = useTask(async (file: SharedFile) => {
    if (!(await confirm({ title: t("action.delete"), text: t("storage.delete", { name: file.filename }), action: t("action.delete"), danger: true }))) return;
    await files.remove(file.id);
    mine.set((mine.items ?? []).filter((other) => other.id !== file.id));
    onChange();
  });
  const error: unknown = remove.error ?? mine.error;
  return (
    <Card title={t("storage.mine")}>
      <ErrorNotice text={error ? errorText(error) : null} />
      {mine.items?.length === 0 && <p class="soft">{t("filter.none")}</p>}
      <ul class="file-list">
        {mine.items?.map((file) => (
          <li key={file.id} class="row">
            <span class="grow"><FileCardView file={file} transfer={null} /></span>
            <IconButton icon="trash" danger label={t("action.delete")} onClick={() => remove.run(file)} />
          </li>
        ))}
      </ul>
      {mine.more && <Button kind="tonal" busy={mine.busy} onClick={mine.next}>{t("devices.more")}</Button>}
    </Card>
  );
}
