import type { FileToSend } from "../../core/model";
import { talk } from "../../talk";
import type { Desk } from "../messages/desk";
import { openDialog } from "../shell/dialogs";

/** Shows what is about to be sent, with room for a caption; what was being written becomes it. */
export function offerFiles(desk: Desk, files: readonly FileToSend[]): void {
  if (files.length === 0) return;
  openDialog({
    name: "send",
    chat: desk.chatId,
    thread: desk.thread,
    files,
    text: desk.editing.value ? "" : desk.text.value,
    onSent: () => {
      if (!desk.editing.value) {
        desk.text.value = "";
        // What was written went as the caption: it is a draft no more.
        if (!desk.thread) talk().chats.draft(desk.chatId, "");
      }
      desk.replyTo.value = null;
    },
  });
}
