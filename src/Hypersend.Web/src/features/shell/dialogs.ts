import type { Chat, Message, SharedFile } from "../../core/api/types";
import type { FileToSend } from "../../core/model";
import { personal } from "../../personal";

/** The dialogs that can lie on the messenger. They are asked for by name, so that each is fetched when it is first needed. */
export type DialogRequest =
  | { name: "new"; kind: "direct" | "group" | "channel" | "room" }
  | { name: "forward"; ids: readonly string[] }
  | { name: "react"; message: Message }
  | { name: "versions"; message: Message }
  | { name: "receipts"; message: Message }
  | { name: "share"; file: SharedFile }
  | { name: "copy"; text: string }
  | { name: "invite"; chat: Chat }
  | { name: "addMembers"; chat: Chat }
  | { name: "bans"; chat: Chat }
  | { name: "editChat"; chat: Chat }
  | { name: "mute"; chat: Chat }
  | { name: "schedule"; chat: string }
  | { name: "send"; chat: string; thread: string | null; files: readonly FileToSend[]; text: string; onSent: () => void }
  | { name: "directHistory" }
  | { name: "shortcuts" }
  | { name: "switcher" };

export const dialog = personal<DialogRequest | null>(null);

export function openDialog(request: DialogRequest): void {
  dialog.value = request;
}

export function closeDialog(): void {
  dialog.value = null;
}
