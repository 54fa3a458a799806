import { i18n, t } from "../../app";
import type { Person } from "../../core/api/types";
import type { Presence } from "../../core/model";
import { listed } from "../../formats";
import { nameOf } from "../messages/words";

export const presenceText = (presence: Presence): string => {
  if (presence.online) return t(`presence.${presence.status}`);
  return presence.lastSeen ? t("presence.seen", { time: i18n.ago(presence.lastSeen) }) : t("presence.offline");
};

/** Who writes at the moment; null when nobody does. In a direct chat there is no need for the name. */
export function typingText(people: readonly Person[], direct: boolean): string | null {
  const [first] = people;
  if (!first) return null;
  if (direct) return t("typing.one");
  return t("typing.named", { name: listed(people.slice(0, 3).map(nameOf)) });
}
