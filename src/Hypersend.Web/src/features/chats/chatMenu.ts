import { errorText, t } from "../../app";
import type { ChatEntry } from "../../core/model";
import { paths } from "../../core/places";
import { talk } from "../../talk";
import { confirm } from "../../ui/Confirm";
import { openMenu } from "../../ui/Menu";
import { go, path } from "../../ui/router";
import { toast } from "../../ui/Toast";
import type { Point } from "../../ui/useContextMenu";
import { pickFiles } from "../files/pickFiles";
import { openDialog } from "../shell/dialogs";
import { chatName, may } from "./chatName";

const fail = (error: unknown): void => toast(errorText(error));

export function openChatMenu(chat: ChatEntry, at: Point | Element): void {
  const { chats } = talk();
  const own = chat.type === "saved";
  openMenu({
    label: t("menu.title"),
    at,
    items: [
      { icon: "info", text: t("details.title"), run: () => go(paths.details(chat.id)) },
      chat.unread > 0 && { icon: "ticks", text: t("chat.markRead"), run: () => chats.read(chat.id, chat.last_seq) },
      { icon: "pin", text: t(chat.pinned ? "chat.unpin" : "chat.pin"), run: () => void chats.pin(chat.id, !chat.pinned).catch(fail) },
      !own && (chat.muted
        ? { icon: "bell", text: t("chat.unmute"), run: () => void chats.mute(chat.id, null).catch(fail) }
        : { icon: "bellOff", text: t("chat.mute"), run: () => openDialog({ name: "mute", chat }) }),
      {
        icon: "archive", text: t(chat.archived ? "chat.unarchive" : "chat.archive"),
        run: () => void chats.archive(chat.id, !chat.archived).then(() => chat.archived || toast(t("chat.archived"), {
          text: t("action.undo"), run: () => void chats.archive(chat.id, false).catch(fail),
        })).catch(fail),
      },
      chat.peer && may(chat, "send") && { icon: "send", text: t("direct.send"), run: () => sendTo(chat.peer!.id) },
      may(chat, "send") && { icon: "clock", text: t("schedule.title"), run: () => openDialog({ name: "schedule", chat: chat.id }) },
      may(chat, "invite") && chat.type !== "direct" && { icon: "link", text: t("invite.title"), run: () => openDialog({ name: "invite", chat }) },
      !own && chat.type !== "direct" && { icon: "leave", text: t("chat.leave"), danger: true, run: () => void leaveChat(chat) },
      (chat.type === "direct" || chat.my_role === "owner") && !own && {
        icon: "trash", text: t("chat.delete"), danger: true, run: () => void deleteChat(chat),
      },
    ],
  });
}

/** Fetched when it is wanted: the chooser has to open in the moment of the click, so it comes first. */
function sendTo(user: string): void {
  void pickFiles().then(async (files) => (await import("../direct/actions")).offerDirectly(user, files)).catch(fail);
}

function away(chat: ChatEntry): void {
  if (path.value.startsWith(paths.chat(chat.id))) go(paths.chats, true);
}

export async function leaveChat(chat: ChatEntry): Promise<void> {
  if (!(await confirm({ title: t("chat.leave"), text: t("chat.leave.text", { name: chatName(chat) }), action: t("chat.leave"), danger: true }))) return;
  await talk().chats.leave(chat.id).then(() => away(chat), fail);
}

export async function deleteChat(chat: ChatEntry): Promise<void> {
  const text = t(chat.type === "direct" ? "chat.delete.direct" : "chat.delete.text", { name: chatName(chat) });
  if (!(await confirm({ title: t("chat.delete"), text, action: t("chat.delete"), danger: true }))) return;
  await talk().chats.remove(chat.id).then(() => away(chat), fail);
}
