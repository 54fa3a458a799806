import { useRef, useState } from "preact/hooks";
import { errorText, i18n, t } from "../../app";
import type { Chat, ChatBan } from "../../core/api/types";
import { talk } from "../../talk";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Empty } from "../../ui/Empty";
import { ErrorNotice } from "../../ui/Notice";
import { Message } from "../../ui/Screen";
import { RowSkeletons } from "../../ui/Skeletons";
import { usePaged } from "../../ui/usePaged";
import { useTask } from "../../ui/useTask";
import { nameOf } from "../messages/words";

/** Who may not come back, and the way back for them. */
export function Bans({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const paged = usePaged<ChatBan>((cursor) => talk().chats.bans(chat.id, cursor), [chat.id]);
  const { items } = paged;
  const [lifted, setLifted] = useState("");
  const said = useRef<HTMLParagraphElement>(null);
  const lift = useTask(async ({ user }: ChatBan) => {
    await talk().chats.unban(chat.id, user.id);
    paged.set((items ?? []).filter((other) => other.user.id !== user.id));
    setLifted(t("bans.lifted", { name: nameOf(user) }));
    // The button that had the focus is gone with its row.
    said.current?.focus();
  });
  return (
    <Dialog title={t("bans.title")} onClose={onClose}>
      <ErrorNotice text={lift.error !== null ? errorText(lift.error) : null} />
      <p ref={said} class={lifted ? "soft small" : "unseen"} role="status" tabIndex={-1}>{lifted}</p>
      {paged.error !== null && <Message inner title={errorText(paged.error)} action={t("action.retry")} onAction={paged.reload} />}
      {items === null && paged.error === null && <RowSkeletons count={3} />}
      {items?.length === 0 && !paged.more && <Empty icon="ban" title={t("bans.none")} text={t("bans.none.text")} />}
      <ul class="rows">
        {items?.map((ban) => (
          <li key={ban.user.id} class="ban-row">
            <Avatar user={ban.user} />
            <span class="row-text">
              <span class="row-name one-line"><bdi>{nameOf(ban.user)}</bdi></span>
              <span class="row-preview">{t("bans.since", { date: i18n.date(ban.created_at) })}</span>
            </span>
            <Button kind="text" label={`${t("bans.lift")}: ${nameOf(ban.user)}`} busy={lift.busy} onClick={() => lift.run(ban)}>{t("bans.lift")}</Button>
          </li>
        ))}
      </ul>
      {paged.more && <Button kind="tonal" wide busy={paged.busy} onClick={paged.next}>{t("devices.more")}</Button>}
    </Dialog>
  );
}
