import { signal } from "@preact/signals";
import { storage } from "../../storage";

const key = "hs.enter";

/** Of this device: whether Enter sends, or begins a line and Ctrl+Enter sends. A keyboard on glass has no other key for a new line. */
export const sendsOnEnter = signal(storage.read<boolean>(key) ?? !matchMedia("(pointer: coarse)").matches);

export function setSendsOnEnter(on: boolean): void {
  sendsOnEnter.value = on;
  storage.write(key, on);
}

/** What sends where words are written; with Shift it always begins a line. */
export const isSendKey = (event: KeyboardEvent): boolean =>
  event.key === "Enter" && !event.isComposing && !event.shiftKey && !event.altKey && (sendsOnEnter.value || event.ctrlKey || event.metaKey);
