import { useRef, useState } from "preact/hooks";
import { errorText, own, session, t } from "../../app";
import type { User } from "../../core/api/types";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { ErrorNotice } from "../../ui/Notice";
import { toast } from "../../ui/Toast";
import { useTask } from "../../ui/useTask";
import { Card } from "./Section";
import { shrinkPhoto } from "./shrinkPhoto";

export function PhotoCard({ user }: { user: User }) {
  const input = useRef<HTMLInputElement>(null);
  const [unreadable, setUnreadable] = useState(false);
  const task = useTask(async (file: File) => {
    setUnreadable(false);
    const photo = await shrinkPhoto(file);
    if (!photo) {
      setUnreadable(true);
      return;
    }
    session.update(await own.saveAvatar(photo));
    toast(t("profile.photo.saved"));
  });
  const removal = useTask(async () => {
    await own.removeAvatar();
    session.update({ ...user, avatar_url: null });
    toast(t("profile.photo.removed"));
  });
  const error: unknown = task.error ?? removal.error;
  return (
    <Card title={t("profile.photo")}>
      <ErrorNotice text={unreadable ? t("profile.photo.bad") : error ? errorText(error) : null} />
      <div class="photo">
        <Avatar user={user} size="large" />
        <div class="stack grow">
          <p class="soft small">{t("profile.photo.text")}</p>
          <div class="row">
            <Button kind="tonal" icon="camera" busy={task.busy} onClick={() => input.current?.click()}>
              {t("profile.photo.change")}
            </Button>
            {user.avatar_url && (
              <Button kind="text" danger busy={removal.busy} onClick={() => removal.run()}>{t("profile.photo.remove")}</Button>
            )}
          </div>
        </div>
        <input
          ref={input}
          type="file"
          hidden
          aria-label={t("profile.photo.change")}
          accept="image/png,image/jpeg,image/webp,image/gif,image/avif"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            // The same file again must count as a change.
            event.currentTarget.value = "";
            if (file) task.run(file);
          }}
        />
      </div>
    </Card>
  );
}
