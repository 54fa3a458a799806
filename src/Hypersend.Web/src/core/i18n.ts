import { computed, signal, type ReadonlySignal } from "@preact/signals-core";
import type en from "../catalogues/en.json";
import { english, type Language } from "./languages";

export type Key = keyof typeof en;
export type Params = Readonly<Record<string, string | number>>;
export type Catalogue = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

export interface I18n {
  readonly language: ReadonlySignal<Language>;
  /** Text of a key; `count` chooses the plural form and is written in the language's digits. */
  t(key: Key, params?: Params): string;
  /** Whether the catalogue knows a key made up at run time (error codes). */
  has(key: string): key is Key;
  use(language: Language): Promise<void>;
  number(value: number): string;
  date(iso: string): string;
  ago(iso: string, now?: number): string;
}

export function createI18n(load: (code: string) => Promise<Catalogue>, currentTime: () => number = Date.now): I18n {
  const language = signal<Language>(english);
  let texts: Catalogue = {};
  let plurals = new Intl.PluralRules(english.intl);
  let newest = 0;

  // Made once a language: it is asked for with every row of a list.
  const numbers = computed(() => new Intl.NumberFormat(language.value.intl));
  const number = (value: number): string => numbers.value.format(value);

  return {
    language,
    number,
    has: (key): key is Key => key in texts,
    t(key, params = {}) {
      // Reading the signal makes every component that shows a text redraw when the language changes.
      void language.value;
      const entry = texts[key];
      if (entry === undefined) return key;
      const count = params.count;
      const text = typeof entry === "string" ? entry : (entry[plurals.select(Number(count ?? 0))] ?? entry.other ?? key);
      return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = params[name];
        return value === undefined ? whole : typeof value === "number" ? number(value) : apart(value, language.value.dir);
      });
    },
    async use(next) {
      const asked = ++newest;
      const loaded = await load(next.code);
      // A slower, older choice must not overwrite a newer one.
      if (asked !== newest) return;
      texts = loaded;
      plurals = new Intl.PluralRules(next.intl);
      language.value = { ...next };
    },
    date: (iso) => new Intl.DateTimeFormat(language.value.intl, { dateStyle: "medium" }).format(new Date(iso)),
    ago(iso, now = currentTime()) {
      const format = new Intl.RelativeTimeFormat(language.value.intl, { numeric: "auto" });
      const seconds = Math.round((new Date(iso).getTime() - now) / 1000);
      for (const [unit, size] of units) {
        if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
      }
      return format.format(0, "second");
    },
  };
}

const rightToLeft = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc";
const letters = { rtl: new RegExp(`[${rightToLeft}]`), ltr: new RegExp(`(?![${rightToLeft}])\\p{L}`, "u") };

/**
 * A name that runs against its sentence would take the words beside it along, or turn them round: it stands apart. What is of both
 * kinds, such as names with an "and" between them, runs like the sentence within itself.
 */
function apart(value: string, dir: Language["dir"]): string {
  const plain = value.replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
  if (!letters[dir === "ltr" ? "rtl" : "ltr"].test(plain)) return plain;
  const begin = !letters[dir].test(plain) ? "\u2068" : dir === "ltr" ? "\u2066" : "\u2067";
  return `${begin}${plain}\u2069`;
}

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
