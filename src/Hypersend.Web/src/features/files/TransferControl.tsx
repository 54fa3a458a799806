import { errorText, t } from "../../app";
import { lacksRoom } from "../../core/live/lanes";
import type { Transfer } from "../../core/model";
import { bytes, percent, remaining, speed } from "../../formats";
import { talk } from "../../talk";
import { confirm } from "../../ui/Confirm";
import { FactLine } from "../../ui/FactLine";
import { Icon } from "../../ui/Icon";
import { ProgressRing } from "../../ui/Progress";
import { toast } from "../../ui/Toast";

const partOf = (transfer: Transfer): number => (transfer.card.size > 0 ? transfer.received / transfer.card.size : 0);

/** The ring with the one thing that can be done now: pause, go on, or pick the same file again. */
export function TransferControl({ transfer }: { transfer: Transfer }) {
  const { transfers } = talk();
  const { state, id } = transfer;
  if (state === "needs-file") {
    return <button type="button" class="ring-button" aria-label={t("transfer.pickAgain")} title={t("transfer.pickAgain")} onClick={() => pickAgain(transfer)}><Icon name="attach" /></button>;
  }
  if (state === "done" || state === "failed" || state === "cancelled") return <span class="ring-button"><Icon name={state === "done" ? "check" : "alert"} /></span>;
  const paused = state === "paused";
  const busy = state === "verifying" || transfer.elsewhere;
  return (
    <span class="ring-frame">
      <ProgressRing value={state === "waiting" ? null : partOf(transfer)} label={transfer.card.name} />
      {busy ? (
        <span class="ring-button"><Icon name={state === "verifying" ? "shield" : "screen"} /></span>
      ) : (
        <button
          type="button"
          class="ring-button"
          aria-label={t(paused ? "action.continue" : "transfer.pause")}
          title={t(paused ? "action.continue" : "transfer.pause")}
          onClick={() => (paused ? transfers.resume(id) : transfers.pause(id))}
        >
          <Icon name={paused ? "play" : "pause"} />
        </button>
      )}
    </span>
  );
}

function pickAgain(transfer: Transfer): void {
  const field = document.createElement("input");
  field.type = "file";
  field.onchange = () => {
    const file = field.files?.[0];
    if (file) talk().transfers.give(transfer.id, file).catch((error: unknown) => toast(errorText(error)));
  };
  field.click();
}

/** Hours of a line may be in it: it is asked first, wherever it is cancelled. */
export async function cancelSending(transfer: Transfer): Promise<void> {
  if (await confirm({ title: t("transfer.cancel"), text: t("transfer.cancel.text", { name: transfer.card.name }), action: t("transfer.cancel"), keep: t("transfer.keep"), danger: true })) {
    await talk().transfers.cancel(transfer.id);
  }
}

/** The same in a bubble, under which what failed has a note of its own. */
export const SentLine = ({ transfer }: { transfer: Transfer }) =>
  transfer.state === "failed" ? <span>{bytes(transfer.card.size)}</span> : <TransferLine transfer={transfer} />;

/** How it goes, in one line. */
export function TransferLine({ transfer }: { transfer: Transfer }) {
  const { state, card, received } = transfer;
  const amount = t("transfer.of", { done: bytes(received), size: bytes(card.size) });
  switch (state) {
    case "running":
      if (transfer.problem && lacksRoom(transfer.problem)) return <FactLine facts={[errorText(transfer.problem), amount]} />;
      // No line at the moment: a number that stands still would look like an end.
      if (transfer.problem) return <FactLine facts={[t("transfer.waiting"), percent(partOf(transfer)), amount]} />;
      return (
        <span class="numbers">
          <FactLine facts={[percent(partOf(transfer)), amount, transfer.speed > 0 && speed(transfer.speed), transfer.eta !== null && t("transfer.left", { time: remaining(transfer.eta) })]} />
        </span>
      );
    case "paused":
      return <FactLine facts={[t("transfer.paused"), amount]} />;
    case "waiting":
      return <FactLine facts={[t("transfer.waiting"), amount]} />;
    case "verifying":
      return <span>{t("transfer.verifying")}</span>;
    case "needs-file":
      return <span>{t("transfer.pickAgain")}</span>;
    case "failed":
      return <span class="bad">{transfer.problem ? errorText(transfer.problem) : t("state.failed")}</span>;
    case "cancelled":
      return <span>{t("transfer.cancelled")}</span>;
    case "done":
      return <span>{bytes(card.size)}</span>;
  }
}
