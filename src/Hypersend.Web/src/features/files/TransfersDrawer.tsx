import { t } from "../../app";
import { paths } from "../../core/places";
import { isEnded } from "../../core/direct/shown";
import type { Transfer } from "../../core/model";
import { talk } from "../../talk";
import { DirectRow } from "../direct/DirectRow";
import "../direct/direct.css";
import { openDialog } from "../shell/dialogs";
import { Button, IconButton } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Empty } from "../../ui/Empty";
import { Icon } from "../../ui/Icon";
import { go } from "../../ui/router";
import { transfersOpen } from "./transfersOpen";
import { cancelSending, TransferControl, TransferLine } from "./TransferControl";

/** All that is on its way, wherever one is in the app. */
export function TransfersDrawer() {
  const { transfers, directs } = talk();
  const all = transfers.transfers.value;
  const straight = directs.transfers.value;
  const close = (): void => {
    transfersOpen.value = false;
  };
  return (
    <Dialog title={t("transfers.title")} onClose={close}>
      {all.length === 0 && straight.length === 0 && <Empty icon="arrowUp" title={t("transfers.none")} />}
      {straight.length > 0 && (
        <section class="stack tight" aria-label={t("direct.title")}>
          <ul class="transfer-list">{straight.map((transfer) => <DirectRow key={transfer.id} transfer={transfer} />)}</ul>
          {directs.lacks && <p class="soft small">{t(directs.lacks === "line" ? "direct.lacks.line" : "direct.lacks.seal")}</p>}
        </section>
      )}
      {all.length > 0 && <ul class="transfer-list">{all.map((transfer) => <One key={transfer.id} transfer={transfer} onClose={close} />)}</ul>}
      <div class="row">
        <Button kind="text" icon="clock" onClick={() => {
          close();
          openDialog({ name: "directHistory" });
        }}>
          {t("direct.history")}
        </Button>
        {(all.some(isOver) || straight.some(isEnded)) && (
          <Button kind="text" onClick={() => {
            transfers.clear();
            directs.clear();
          }}>
            {t("action.clear")}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

/** What could not even begin stays until somebody decides. */
const isOver = ({ state, fileId }: Transfer): boolean => state === "done" || state === "cancelled" || (state === "failed" && fileId !== null);

function One({ transfer, onClose }: { transfer: Transfer; onClose: () => void }) {
  const open = transfer.state !== "done" && transfer.state !== "cancelled";
  return (
    <li class="transfer">
      <span class="file-icon"><TransferControl transfer={transfer} /></span>
      <button
        type="button"
        class="plain grow file-text"
        disabled={!transfer.chatId}
        onClick={() => {
          onClose();
          if (transfer.chatId) go(paths.chat(transfer.chatId));
        }}
      >
        <span class="file-name" dir="auto">{transfer.card.name}</span>
        <span class="small soft"><TransferLine transfer={transfer} /></span>
        {transfer.verified && <span class="verified small"><Icon name="verified" small />{t("file.verified")}</span>}
      </button>
      {transfer.state === "failed" && !transfer.elsewhere && <IconButton icon="reload" label={t("action.retry")} onClick={() => talk().transfers.resume(transfer.id)} />}
      {open && !transfer.elsewhere && <IconButton icon="close" label={t("transfer.cancel")} onClick={() => void cancelSending(transfer)} />}
    </li>
  );
}
