import { t } from "../../app";
import type { PresenceStatus } from "../../core/model";
import { capital } from "../../formats";
import { talk } from "../../talk";
import type { IconName } from "../../ui/Icon";
import { openMenu } from "../../ui/Menu";

/** What a person can choose to be; `away` says itself when nobody touches the page. */
const choices: readonly (readonly [PresenceStatus & ("online" | "busy" | "dnd" | "invisible"), IconName])[] = [
  ["online", "person"], ["busy", "clock"], ["dnd", "bellOff"], ["invisible", "eyeOff"],
];

/** What was chosen here or on another device; until somebody chooses, simply online. */
export function myStatus(): PresenceStatus {
  const { people } = talk();
  const said = people.me.value ? people.presence(people.me.value.id).value.status : "online";
  return choices.some(([status]) => status === said) ? said : "online";
}

export function openStatusMenu(at: Element): void {
  const now = myStatus();
  openMenu({
    label: t("presence.status"),
    at,
    items: choices.map(([status, icon]) => ({
      icon, text: capital(t(`presence.${status}`)), checked: status === now, run: () => talk().people.setStatus(status),
    })),
  });
}
