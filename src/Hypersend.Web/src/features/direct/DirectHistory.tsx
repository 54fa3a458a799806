import { errorText, i18n, session, t } from "../../app";
import type { Transfer } from "../../core/api/types";
import { bytes, shortDate } from "../../formats";
import { talk } from "../../talk";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Empty } from "../../ui/Empty";
import { FactLine } from "../../ui/FactLine";
import { Icon, type IconName } from "../../ui/Icon";
import { ErrorNotice } from "../../ui/Notice";
import { Waiting } from "../../ui/Screen";
import { usePaged } from "../../ui/usePaged";
import { nameOf } from "../messages/words";

/** What went from one to the other, without the files: those the server never had. */
export function DirectHistory({ onClose }: { onClose: () => void }) {
  const list = usePaged((cursor) => talk().directs.history(cursor), []);
  return (
    <Dialog title={t("direct.history")} onClose={onClose}>
      <ErrorNotice text={list.error ? errorText(list.error) : null} />
      {list.items === null && !list.error && <Waiting inner />}
      {list.items?.length === 0 && <Empty icon="send" title={t("direct.history.none")} />}
      <ul class="transfer-list">{list.items?.map((transfer) => <One key={transfer.id} transfer={transfer} />)}</ul>
      {(list.more || list.error) && <div class="row"><Button kind="text" busy={list.busy} onClick={list.error ? list.reload : list.next}>{t(list.error ? "action.retry" : "direct.history.more")}</Button></div>}
    </Dialog>
  );
}

function One({ transfer }: { transfer: Transfer }) {
  const incoming = transfer.receiver.id === session.user.value?.id;
  const peer = incoming ? transfer.sender : transfer.receiver;
  const done = transfer.state === "done";
  return (
    <li class="transfer">
      <span class={done ? "file-icon" : "file-icon idle"}><Icon name={done ? (incoming ? "download" : "send") : (ends[transfer.state] ?? "clock")} /></span>
      <span class="grow file-text">
        <span class="file-name"><bdi>{transfer.filename}</bdi></span>
        <span class="small soft">{t(incoming ? "direct.from" : "direct.to", { name: nameOf(peer) })}</span>
        <span class="small soft numbers"><FactLine facts={[bytes(transfer.size), stateOf(transfer, incoming), shortDate(transfer.created_at)]} /></span>
      </span>
      <time class="unseen" dateTime={transfer.created_at}>{i18n.date(transfer.created_at)}</time>
    </li>
  );
}

const ends: Readonly<Partial<Record<Transfer["state"], IconName>>> = { rejected: "ban", cancelled: "close" };

function stateOf({ state }: Transfer, incoming: boolean): string {
  switch (state) {
    case "done":
      return t(incoming ? "direct.received" : "direct.sent");
    case "rejected":
      return t("direct.rejected");
    case "cancelled":
      return t("transfer.cancelled");
    case "expired":
      return t("file.expired");
    default:
      return t("transfer.waiting");
  }
}
