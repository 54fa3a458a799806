import { errorText, t } from "../../app";
import type { Message } from "../../core/api/types";
import type { ChatEntry, MessageEntry, MessageWindow, PendingEntry } from "../../core/model";
import { paths } from "../../core/places";
import { download } from "../../files";
import { talk } from "../../talk";
import { openMenu } from "../../ui/Menu";
import { go } from "../../ui/router";
import { toast } from "../../ui/Toast";
import type { Point } from "../../ui/useContextMenu";
import { may, runsChat } from "../chats/chatName";
import { openDialog } from "../shell/dialogs";
import { answer, choose, type Desk } from "./desk";
import { EmojiRow } from "./EmojiRow";

const fail = (error: unknown): void => toast(errorText(error));

export const canEdit = (entry: MessageEntry): boolean =>
  entry.mine && !entry.message.deleted_at && entry.message.type !== "system" && !entry.message.forwarded_from;

export const canDelete = (chat: ChatEntry, { message, mine }: Pick<MessageEntry, "message" | "mine">): boolean =>
  !message.deleted_at && (mine || runsChat(chat));

export function deleteMessages(ids: readonly string[]): void {
  const removal = talk().messages.remove(ids);
  removal.done.catch(fail);
  toast(t("message.deleted.count", { count: ids.length }), { text: t("action.undo"), run: () => removal.undo() });
}

export function copyText(text: string, done: string): void {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  // Plain http from another machine has no clipboard; then the text is shown to be copied by hand.
  if (clipboard) void clipboard.writeText(text).then(() => toast(done), () => openDialog({ name: "copy", text }));
  else openDialog({ name: "copy", text });
}

export function openMessageMenu(chat: ChatEntry, desk: Desk, entry: MessageEntry, at: Point | Element): void {
  const { message, mine } = entry;
  const gone = message.deleted_at !== null;
  const member = chat.my_role !== null && chat.my_role !== undefined;
  const file = message.files.find((one) => one.state === "ready");
  openMenu({
    label: t("menu.title"),
    at,
    ...(gone || !member ? {} : { head: (close) => <EmojiRow message={message} onDone={close} /> }),
    items: [
      !gone && may(chat, "send") && { icon: "reply", text: t("message.reply"), run: () => answer(desk, message) },
      !gone && !desk.thread && member && { icon: "thread", text: t("thread.open"), run: () => go(paths.thread(chat.id, message.seq)) },
      canEdit(entry) && message.type !== "voice" && { icon: "edit", text: t("message.edit"), run: () => (desk.editing.value = message) },
      !gone && Boolean(message.content) && {
        icon: "copy", text: t("action.copy"), run: () => copyText(message.content!, t("action.copied")),
      },
      {
        icon: "link", text: t("message.link"),
        run: () => copyText(new URL(paths.message(chat.id, message.seq), location.href).href, t("action.copied")),
      },
      file && { icon: "download", text: t("action.download"), run: () => void download(file.id, file.filename) },
      file && file.owner_id === talk().people.me.value?.id && {
        icon: "globe", text: t("share.title"), run: () => openDialog({ name: "share", file }),
      },
      !gone && { icon: "forward", text: t("message.forward"), run: () => openDialog({ name: "forward", ids: [message.id] }) },
      !gone && may(chat, "pin") && {
        icon: "pin", text: t(message.pinned ? "chat.unpin" : "chat.pin"),
        run: () => void talk().messages.pin(message.id, !message.pinned).catch(fail),
      },
      !gone && {
        icon: "bookmark", text: t(message.bookmarked ? "message.unbookmark" : "message.bookmark"),
        run: () => void bookmark(message),
      },
      mine && !gone && Boolean(message.preview) && {
        icon: "eyeOff", text: t("message.noPreview"), run: () => void talk().messages.dropPreview(message.id).catch(fail),
      },
      message.edited_at !== null && !gone && { icon: "clock", text: t("message.versions"), run: () => openDialog({ name: "versions", message }) },
      mine && !gone && chat.type !== "saved" && { icon: "ticks", text: t("message.receipts"), run: () => openDialog({ name: "receipts", message }) },
      !gone && { icon: "select", text: t("message.select"), run: () => choose(desk, message) },
      canDelete(chat, entry) && { icon: "trash", text: t("action.delete"), danger: true, run: () => deleteMessages([message.id]) },
    ],
  });
}

/** Of one that waits. It may be sent while the menu is open, and what was asked is then done to the message it became. */
export function openPendingMenu(view: MessageWindow, { key, pending }: PendingEntry, at: Point | Element): void {
  const { id, content } = pending;
  openMenu({
    label: t("menu.title"),
    at,
    items: [
      pending.state === "failed" && { icon: "reload", text: t("action.retry"), run: () => talk().outbox.retry(id) },
      Boolean(content) && { icon: "copy", text: t("action.copy"), run: () => copyText(content, t("action.copied")) },
      { icon: "trash", text: t("action.delete"), danger: true, run: () => deletePending(view, key) },
    ],
  });
}

/** What is on its way cannot be called back: it is deleted as soon as it has arrived. */
function deletePending(view: MessageWindow, key: string): void {
  const now = view.items.peek().find((entry) => entry.key === key);
  if (!now) return;
  if (now.kind === "message") return deleteMessages([now.message.id]);
  if (now.pending.state !== "sending") return talk().outbox.discard(now.pending.id);
  let waits = true;
  const stop = view.items.subscribe((items) => {
    const then = items.find((entry) => entry.key === key);
    if (!waits || (then?.kind === "pending" && then.pending.state === "sending")) return;
    waits = false;
    // Not while the signals are moving.
    queueMicrotask(() => {
      stop();
      deletePending(view, key);
    });
  });
}

async function bookmark(message: Message): Promise<void> {
  try {
    await talk().messages.bookmark(message.id, !message.bookmarked);
  } catch (error) {
    fail(error);
  }
}
