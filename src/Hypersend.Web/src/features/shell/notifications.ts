import { useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { i18n, mySettings, serverName, session, t } from "../../app";
import type { NotificationSettings } from "../../core/api/types";
import { paths, placeOf } from "../../core/places";
import { isQuiet } from "../../core/push/quiet";
import { onLeaving } from "../../personal";
import { messenger, talk } from "../../talk";
import { serverTime } from "../../time";
import { go, path } from "../../ui/router";
import { chatName } from "../chats/chatName";
import { nameOf, previewOf } from "../messages/words";
import { myStatus } from "../people/statusMenu";
import { beginAppWorker } from "./appWorker";

let settings: NotificationSettings = {};
onLeaving(() => (settings = {}));

export function takeSettings(next: NotificationSettings | null | undefined): void {
  settings = next ?? {};
}

const api = (): typeof Notification | null => (typeof Notification === "undefined" ? null : Notification);
export const permission = (): NotificationPermission | "missing" => api()?.permission ?? "missing";

/** Only ever after a click: browsers refuse for good what comes unasked. */
export async function askPermission(): Promise<NotificationPermission | "missing"> {
  return (await api()?.requestPermission()) ?? "missing";
}

export function notify(title: string, body: string, onClick: () => void, tag?: string): boolean {
  const Kind = api();
  if (!Kind || Kind.permission !== "granted") return false;
  try {
    const shown = new Kind(title, { body, icon: "/icon-192.png", silent: settings.sound === false, ...(tag ? { tag } : {}), lang: i18n.language.value.intl });
    shown.onclick = () => {
      window.focus();
      onClick();
      shown.close();
    };
    return true;
  } catch {
    // Some phones show notifications from a service worker only.
    return false;
  }
}

/** The count in the title, and a word of the browser's about what arrives while one looks elsewhere. */
export function useNotifications(): void {
  useSignalEffect(() => {
    // It hears of the end of the account before its screen goes.
    const unread = messenger.value?.chats.unread.value ?? 0;
    document.title = unread > 0 ? `(${i18n.number(unread)}) ${serverName()}` : serverName();
  });
  useEffect(() => {
    let end = (): void => undefined;
    let gone = false;
    void beginAppWorker().then((stop) => {
      if (gone) stop();
      else end = stop;
    });
    return () => {
      gone = true;
      end();
    };
  }, []);
  // Without them the defaults hold: everything, with words.
  useSignalEffect(() => takeSettings(mySettings.value?.notifications));
  useEffect(() => talk().onSettings((mine) => takeSettings(mine.notifications)), []);
  useEffect(() => {
    const end = talk().onArrival(({ chat, message }) => {
      const me = session.user.value;
      const mentioned = message.mentions_all || message.mentions.some((id) => id === me?.id);
      const place = placeOf(path.value);
      const looking = document.visibilityState === "visible" && document.hasFocus() && place.name === "chat" && place.chat === chat.id;
      if (looking || settings.level === "nothing" || (settings.level === "mentions" && !mentioned)) return;
      if (chat.muted && !mentioned) return;
      if (myStatus() === "dnd" || isQuiet(settings, new Date(serverTime.now()))) return;
      const body = settings.preview === false ? t("notify.hidden") : previewOf(message);
      const who = nameOf(message.sender);
      notify(chatName(chat), chat.type === "direct" ? body : `${who}: ${body}`, () => go(paths.message(chat.id, message.seq)), chat.id);
    });
    return () => {
      end();
      document.title = serverName();
    };
  }, []);
}
