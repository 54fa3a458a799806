import { i18n, t } from "../../app";
import type { Person } from "../../core/api/types";
import type { Presence } from "../../core/model";
import { listed } from "../../formats";
import { currentTime } from "../../time";
import { nameOf } from "../messages/words";

const minuteMs = 60_000;

export const presenceText = (presence: Presence): string => {
  if (presence.online) return t(`presence.${presence.status}`);
  return presence.lastSeen ? seenText(presence.lastSeen) : t("presence.offline");
};

/** "Last seen now" is how no language says it. */
export const seenText = (iso: string): string =>
  currentTime.value - Date.parse(iso) < minuteMs ? t("presence.now") : t("presence.seen", { time: i18n.ago(iso) });

/** Who writes at the moment; null when nobody does. In a direct chat there is no need for the name. */
export function typingText(people: readonly Person[], direct: boolean): string | null {
  const [first] = people;
  if (!first) return null;
  if (direct) return t("typing.one");
  // More names than two leave no room for what they do.
  if (people.length > 2) return t("typing.several", { count: people.length });
  return t("typing.named", { count: people.length, name: listed(people.map(nameOf)) });
}
