import { i18n, session, t } from "../../app";
import type { Message, Person, SharedFile } from "../../core/api/types";
import { personName } from "../../core/names";
import { plainText } from "../../core/richText";
import type { IconName } from "../../ui/Icon";

export const nameOf = (person: Pick<Person, "name" | "username"> | null | undefined): string => personName(person);

export const isMe = (person: { id: string } | null | undefined): boolean => person?.id === session.user.value?.id;

const roles = ["owner", "admin", "member", "subscriber"] as const;
export const roleName = (role: string | null | undefined): string => {
  const known = roles.find((name) => name === role);
  return known ? t(`role.${known}`) : "";
};

export function systemText(message: Message): string {
  const note = message.system;
  const name = nameOf(message.sender);
  const user = nameOf(note?.user);
  const itself = !note?.user || note.user.id === message.sender.id;
  switch (note?.event) {
    case "chat_created":
      return t("system.created", { name });
    case "chat_renamed":
      return t("system.renamed", { name, chat: note.name ?? "" });
    case "user_joined":
      return itself ? t("system.joined", { name }) : t("system.added", { name, user });
    case "user_left":
      return itself ? t("system.left", { name }) : t("system.removed", { name, user });
    case "role_changed":
      return t("system.role", { user: user || name, role: roleName(note.role) });
    default:
      // A newer server may know events that this page does not.
      return message.content ?? "";
  }
}

export const fileIcon = (mime: string): IconName =>
  mime.startsWith("image/") ? "image" : mime.startsWith("video/") ? "video" : mime.startsWith("audio/") ? "music" : "file";

const kindName = (message: Message, file: SharedFile): string => {
  if (message.type === "voice") return t("kind.voice");
  if (file.mime.startsWith("image/")) return t("kind.photo");
  if (file.mime.startsWith("video/")) return t("kind.video");
  return file.filename;
};

/** One line for a list, a quote or a notification. */
export function previewOf(message: Message): string {
  if (message.deleted_at) return t("message.deleted");
  if (message.type === "system") return systemText(message);
  const words = message.content ? plainText(message.content) : "";
  const file = message.files[0];
  if (!file) return words;
  const more = message.files.length > 1 ? ` +${i18n.number(message.files.length - 1)}` : "";
  return words || kindName(message, file) + more;
}

export const previewIcon = (message: Message): IconName | null => {
  const file = message.files[0];
  if (!file || message.deleted_at) return null;
  return message.type === "voice" ? "mic" : fileIcon(file.mime);
};
