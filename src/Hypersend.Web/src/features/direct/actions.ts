import { errorText, t } from "../../app";
import type { UserId } from "../../core/api/types";
import type { DirectTransfer } from "../../core/direct/model";
import type { FileToSend } from "../../core/model";
import { talk } from "../../talk";
import { confirm } from "../../ui/Confirm";
import { toast } from "../../ui/Toast";
import { pickFiles } from "../files/pickFiles";
import { transfersOpen } from "../files/transfersOpen";
import { choosePlace } from "./saving";

const fail = (error: unknown): void => toast(errorText(error));

/** Offers files, and shows what becomes of it. */
export async function offerDirectly(to: UserId, files: readonly FileToSend[]): Promise<void> {
  if (files.length === 0) return;
  transfersOpen.value = true;
  for (const file of files) {
    try {
      await talk().directs.offer(to, file);
    } catch (error) {
      return fail(error);
    }
  }
}

export const sendDirectly = (to: UserId): void => void pickFiles().then((files) => offerDirectly(to, files), fail);

export async function accept(transfer: DirectTransfer): Promise<void> {
  try {
    // Whoever denies the old place is asked for a new one.
    if (transfer.state === "needs-place" && transfer.kept && (await talk().directs.carryOn(transfer.id))) return;
    const place = await choosePlace(transfer);
    if (!place) return;
    await talk().directs.accept(transfer.id, place);
    transfersOpen.value = true;
  } catch (error) {
    fail(error);
  }
}

export const store = (transfer: DirectTransfer): Promise<void> => talk().directs.store(transfer.id).catch(fail);

export const reject = (transfer: DirectTransfer): Promise<void> => talk().directs.reject(transfer.id).catch(fail);

export async function cancel(transfer: DirectTransfer): Promise<void> {
  const { id, card } = transfer;
  if (await confirm({ title: t("direct.cancel"), text: t("direct.cancel.text", { name: card.name }), action: t("direct.cancel"), keep: t("transfer.keep"), danger: true })) {
    await talk().directs.cancel(id).catch(fail);
  }
}

export function pickAgain(transfer: DirectTransfer): void {
  const field = document.createElement("input");
  field.type = "file";
  field.onchange = () => {
    const file = field.files?.[0];
    if (file) talk().directs.give(transfer.id, file).catch(fail);
  };
  field.click();
}
