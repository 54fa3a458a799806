import { t } from "../../app";
import type { ChatEntry } from "../../core/model";
import { talk } from "../../talk";
import { isMe } from "../messages/words";

/** The others in a chat so small that its members are told; nobody where only some of them would be. */
export const othersHere = (chat: ChatEntry): readonly string[] =>
  chat.type === "group" || chat.type === "room" ? (talk().chats.members(chat.id).value ?? []).filter((member) => !isMe(member)).map((member) => member.id) : [];

/** How many are here, I among them, as I am among the members; silent while I am alone. */
export function onlineText(chat: ChatEntry): string | undefined {
  const { people } = talk();
  const others = othersHere(chat).filter((id) => people.presence(id).value.online).length;
  return others > 0 ? t("chat.online", { count: others + 1 }) : undefined;
}
