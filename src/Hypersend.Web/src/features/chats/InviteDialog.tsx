import { errorText, i18n, t } from "../../app";
import type { Chat, ChatInvite } from "../../core/api/types";
import { talk } from "../../talk";
import { Button, IconButton } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { FactLine } from "../../ui/FactLine";
import { ErrorNotice } from "../../ui/Notice";
import { Message, Waiting } from "../../ui/Screen";
import { useLoaded } from "../../ui/useLoaded";
import { useTask } from "../../ui/useTask";
import { CopyButton } from "../accounts/CopyButton";

const week = 7 * 86_400;

/** The links that let people in: made, copied, withdrawn. */
export function InviteDialog({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const [loaded, { set, reload }] = useLoaded(() => talk().chats.invites(chat.id));
  const links = loaded.state === "ready" ? loaded.value : [];
  const make = useTask(async (expires: number | null) => set([await talk().chats.invite(chat.id, expires ? { expires_in: expires } : {}), ...links]));
  const drop = useTask(async (link: ChatInvite) => {
    await talk().chats.revokeInvite(chat.id, link.token);
    set(links.filter((other) => other.token !== link.token));
  });
  const error: unknown = make.error ?? drop.error;
  return (
    <Dialog title={t("invite.title")} onClose={onClose}>
      <p class="soft small">{t("invite.text")}</p>
      <ErrorNotice text={error ? errorText(error) : null} />
      {loaded.state === "loading" && <Waiting inner />}
      {loaded.state === "failed" && <Message inner title={errorText(loaded.error)} action={t("action.retry")} onAction={reload} />}
      <ul class="stack">
        {links.map((link) => (
          <li key={link.token} class="invite">
            <p class="secret">{link.url}</p>
            <div class="row">
              <span class="small soft grow">
                <FactLine facts={[t("invite.uses", { count: link.uses }), link.expires_at && t("invite.until", { date: i18n.date(link.expires_at) })]} />
              </span>
              <CopyButton text={link.url} label={t("invite.title")} sign />
              <IconButton icon="trash" danger label={t("action.remove")} onClick={() => drop.run(link)} />
            </div>
          </li>
        ))}
      </ul>
      <div class="row even">
        <Button kind="tonal" busy={make.busy} onClick={() => make.run(week)}>{t("files.keep.week")}</Button>
        <Button busy={make.busy} onClick={() => make.run(null)}>{t("invite.make")}</Button>
      </div>
    </Dialog>
  );
}
