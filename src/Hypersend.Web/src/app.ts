import { signal } from "@preact/signals";
import { anonymousAccounts, ownAccount } from "./core/accounts";
import { createSend } from "./core/api/send";
import type { ServerCard, User, UserSettings } from "./core/api/types";
import { errorText as textOf } from "./core/errorText";
import { createI18n, type Catalogue } from "./core/i18n";
import { languageOf, pickLanguage, regional } from "./core/languages";
import { createSession } from "./core/session";
import { broadcastTabs } from "./core/tabs";
import { isTheme, tintOf } from "./core/theme";
import { chosenLanguage, look, showLanguage, showLook } from "./look";
import { storage } from "./storage";
import { currentTime, serverTime } from "./time";

/** The one place where the parts without DOM meet the browser. */

const send = createSend(undefined, serverTime.heard);
const catalogues = import.meta.glob<Catalogue>("./catalogues/*.json", { import: "default" });

export const i18n = createI18n((code) => catalogues[`./catalogues/${code}.json`]!(), () => currentTime.value);
export const t = i18n.t;
export const errorText = (error: unknown): string => textOf(i18n, error);

export const session = createSession({
  send,
  tabs: broadcastTabs(),
  mark: {
    get: () => storage.read<number>("hs.in") === 1,
    set: (on) => storage.write("hs.in", on ? 1 : null),
  },
  known: {
    get: () => storage.read<User>("hs.user"),
    set: (user) => storage.write("hs.user", user && { ...user, email: null }),
  },
});

export const accounts = anonymousAccounts(send);
export const own = ownAccount(session.call);

export const server = signal<ServerCard | null>(null);
export const serverError = signal<unknown>(null);

export async function askServer(): Promise<void> {
  serverError.value = null;
  try {
    const answer = await accounts.server();
    server.value = answer;
    showLook(look.value, answer.brand_color);
  } catch (error) {
    serverError.value = error;
  }
}

export const serverName = (): string => server.value?.name || "Hypersend";

export async function speak(code: string, chosen = true): Promise<void> {
  const language = languageOf(code);
  if (!language) return;
  await i18n.use(regional(language, navigator.languages));
  showLanguage(language, chosen);
}

export const firstLanguage = (): string => pickLanguage(chosenLanguage(), navigator.languages).code;

/** My settings as they were at the start; null before that, and while nobody is logged in. */
export const mySettings = signal<UserSettings | null>(null);

/** The account's own look and language follow the person to a new device. */
export async function followSettings(): Promise<void> {
  let settings: UserSettings;
  try {
    settings = await own.settings();
  } catch {
    // The look on this device is good enough until the settings screen asks again and shows the failure.
    return;
  }
  mySettings.value = settings;
  const { theme, seed } = settings.appearance ?? {};
  // Nothing of whoever used this browser before: no colour of one's own means the server's.
  showLook({ theme: isTheme(theme) ? theme : "system", seed: tintOf(seed) ? seed! : null }, server.value?.brand_color);
  const wanted = languageOf(settings.language);
  if (wanted && wanted.code !== i18n.language.value.code) await speak(wanted.code);
}
