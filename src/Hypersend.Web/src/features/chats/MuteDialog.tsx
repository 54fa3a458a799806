import { errorText, t } from "../../app";
import type { Chat } from "../../core/api/types";
import { duration } from "../../formats";
import { talk } from "../../talk";
import { serverTime } from "../../time";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { toast } from "../../ui/Toast";

const hours = [1, 8, 48] as const;

export function MuteDialog({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const mute = (until: Date | "forever"): void => {
    onClose();
    talk().chats.mute(chat.id, until).catch((error: unknown) => toast(errorText(error)));
  };
  return (
    <Dialog title={t("chat.mute")} onClose={onClose}>
      <div class="stack">
        {hours.map((count) => (
          <Button key={count} kind="tonal" wide onClick={() => mute(new Date(serverTime.now() + count * 3_600_000))}>{duration(count, "hour")}</Button>
        ))}
        <Button kind="tonal" wide onClick={() => mute("forever")}>{t("mute.forever")}</Button>
      </div>
    </Dialog>
  );
}
