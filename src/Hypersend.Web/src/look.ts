import { signal } from "@preact/signals";

import type { Language } from "./core/languages";
import { defaultSeed, isTheme, tintOf, type Look, type Theme } from "./core/theme";
import { storage } from "./storage";

/** What public/boot.js reads before the first paint. */
interface StoredLook {
  theme?: Theme;
  seed?: string;
  hue?: number;
  chroma?: number;
  lang?: string;
  dir?: "ltr" | "rtl";
  /** True once a person chose the language; until then the browser's list decides. */
  langChosen?: boolean;
}

const key = "hs.look";
const read = (): StoredLook => storage.read<StoredLook>(key) ?? {};
const stored = read();

export const look = signal<Look>({ theme: isTheme(stored.theme) ? stored.theme : "system", seed: stored.seed ?? null });

export const chosenLanguage = (): string | null => (stored.langChosen ? (stored.lang ?? null) : null);

/** Shows theme and colour at once and remembers them for the next start. `brand` is the server's own colour. */
export function showLook(next: Look, brand?: string | null): void {
  look.value = next;
  const tint = tintOf(next.seed) ?? tintOf(brand) ?? tintOf(defaultSeed)!;
  const { dataset, style } = document.documentElement;
  if (next.theme === "system") delete dataset.theme;
  else dataset.theme = next.theme;
  // Every colour hangs on these two: to set them again draws the whole page anew.
  const turn = (name: string, value: string): void => {
    if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
  };
  turn("--hue", String(tint.hue));
  turn("--chroma", String(tint.chroma));
  const { seed: _, ...rest } = read();
  storage.write(key, { ...rest, theme: next.theme, ...(next.seed ? { seed: next.seed } : {}), ...tint });
  paintBrowserBar();
}

export function showLanguage(language: Language, chosen: boolean): void {
  document.documentElement.lang = language.code;
  document.documentElement.dir = language.dir;
  storage.write(key, { ...read(), lang: language.code, dir: language.dir, ...(chosen ? { langChosen: true } : {}) });
}

function paintBrowserBar(): void {
  const colour = getComputedStyle(document.documentElement).backgroundColor;
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const mine = look.value.theme === "system" ? meta.media.includes(currentScheme()) : true;
    if (mine) meta.content = colour;
  }
}

const currentScheme = (): string => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
