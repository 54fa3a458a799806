import { errorText, t } from "../../app";
import { lacksRoom } from "../../core/live/lanes";
import type { OutboxEntry } from "../../core/model";
import { isBigEmoji } from "../../core/richText";
import { clock } from "../../formats";
import { talk } from "../../talk";
import { Icon } from "../../ui/Icon";
import { hasPicture, PendingFileView } from "../files/PendingFileView";
import { FailedNote } from "./FailedNote";
import { Quote } from "./Quote";
import { RichText } from "./RichText";
import { Ticks } from "./Ticks";

/** What is on its way: the same bubble as later, with a clock, or in red with what can be done. */
export function PendingBody({ pending }: { pending: OutboxEntry }) {
  const media = pending.file !== null && !pending.file.voice && hasPicture(pending.file);
  return (
    <div class="failed-column">
      <div class={["bubble", !pending.file && isBigEmoji(pending.content) && "big", media && "media", media && !pending.content && "bare"].filter(Boolean).join(" ")}>
        {pending.replyTo && <Quote id={pending.replyTo} onOpen={() => undefined} />}
        {pending.file && <PendingFileView id={pending.id} card={pending.file} />}
        {pending.content && <div class="words"><RichText text={pending.content} /></div>}
        <span class="meta">
          <time dateTime={pending.createdAt}>{clock(pending.createdAt)}</time>
          <Ticks state={pending.state} />
        </span>
      </div>
      {pending.state !== "failed" && lacksRoom(pending.problem) && <p class="waiting-note" role="status"><Icon name="clock" small /> {t("state.noRoom")}</p>}
      {pending.state === "failed" && (
        <FailedNote
          text={pending.problem ? errorText(pending.problem) : t("state.failed")}
          onRetry={() => talk().outbox.retry(pending.id)}
          onDelete={() => talk().outbox.discard(pending.id)}
        />
      )}
    </div>
  );
}
