import type { DirectTransfer } from "../../core/direct/model";
import { isEnded } from "../../core/direct/shown";
import type { SinkWish } from "../../core/direct/sinks";
import { talk } from "../../talk";
import { appWorker } from "../shell/appWorker";

type Picker = (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;

const picker = (): Picker | undefined => (globalThis as { showSaveFilePicker?: Picker }).showSaveFilePicker;

/** Whether the browser asks where to save, before anything comes. */
export const asksPlace = (): boolean => picker() !== undefined;

const stayEveryMs = 10_000;

/** Where it goes, without ever lying in memory; null when the person thought better of it. Needs a click. */
export async function choosePlace(transfer: DirectTransfer): Promise<SinkWish | null> {
  const { name, size, mime } = transfer.card;
  const pick = picker();
  if (pick) {
    try {
      return { kind: "file", handle: await pick({ suggestedName: name }) };
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return null;
      // A frame or a policy may forbid it; the ways below are always there.
    }
  }
  const worker = appWorker.peek();
  const port = await worker?.save({ name, size, mime });
  if (!worker || !port) return { kind: "private", name: transfer.id };
  const timer = setInterval(() => {
    const now = talk().directs.transfer(transfer.id).peek();
    if (!now || isEnded(now)) clearInterval(timer);
    else worker.stay();
  }, stayEveryMs);
  return { kind: "stream", port };
}
