import { errorText, t } from "../../app";
import type { Message } from "../../core/api/types";
import { fullDate } from "../../formats";
import { talk } from "../../talk";
import { Avatar } from "../../ui/Avatar";
import { Dialog } from "../../ui/Dialog";
import { Message as Notice, Waiting } from "../../ui/Screen";
import { useLoaded } from "../../ui/useLoaded";
import { lazy } from "../../ui/Lazy";
import { Ticks } from "./Ticks";
import { react } from "./Reactions";
import { nameOf } from "./words";

const EmojiPicker = lazy(() => import("./EmojiPicker").then((module) => module.EmojiPicker));

/** What an edited message said before. */
export function Versions({ message, onClose }: { message: Message; onClose: () => void }) {
  const [loaded, { reload }] = useLoaded(() => talk().messages.versions(message.id));
  return (
    <Dialog title={t("message.versions")} onClose={onClose}>
      {loaded.state === "loading" && <Waiting inner />}
      {loaded.state === "failed" && <Notice inner title={errorText(loaded.error)} action={t("action.retry")} onAction={reload} />}
      {loaded.state === "ready" && (
        <ol class="stack">
          {[...loaded.value].reverse().map((version) => (
            <li key={version.at} class="version"><p class="small soft">{fullDate(version.at)}</p><p class="lines" dir="auto">{version.content}</p></li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}

/** Whom it has reached, and who has read it. */
export function Receipts({ message, onClose }: { message: Message; onClose: () => void }) {
  const [loaded, { reload }] = useLoaded(() => talk().messages.receipts(message.id));
  return (
    <Dialog title={t("message.receipts")} onClose={onClose}>
      {loaded.state === "loading" && <Waiting inner />}
      {loaded.state === "failed" && <Notice inner title={errorText(loaded.error)} action={t("action.retry")} onAction={reload} />}
      {loaded.state === "ready" && (
        <>
          <ul class="stack">
            {loaded.value.map((receipt) => (
              <li key={receipt.user.id} class="row">
                <Avatar user={receipt.user} size="small" />
                <span class="grow one-line"><bdi>{nameOf(receipt.user)}</bdi></span>
                <Ticks state={receipt.read ? "read" : receipt.delivered ? "delivered" : "sent"} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}

export function ReactDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  return (
    <Dialog title={t("message.react")} onClose={onClose}>
      <EmojiPicker
        onPick={(emoji) => {
          onClose();
          react(message, emoji);
        }}
      />
    </Dialog>
  );
}
