export interface Language {
  readonly code: string;
  /** The language's own name for itself: never translated. */
  readonly name: string;
  readonly dir: "ltr" | "rtl";
  /** What Intl is asked for where it does not know the language itself. */
  readonly intl: string;
}

const ltr = (code: string, name: string, intl = code): Language => ({ code, name, dir: "ltr", intl });
const rtl = (code: string, name: string, intl = code): Language => ({ code, name, dir: "rtl", intl });

// The catalogues write numbers such as "6-digit" in Latin digits; Intl follows, so that one screen has one kind.
export const languages: readonly Language[] = [
  ltr("en", "English"),
  ltr("hi", "हिन्दी"),
  ltr("te", "తెలుగు"),
  ltr("ta", "தமிழ்"),
  ltr("mr", "मराठी", "mr-u-nu-latn"),
  ltr("pa", "ਪੰਜਾਬੀ"),
  ltr("gu", "ગુજરાતી"),
  // Intl has neither plural rules nor dates for Bhojpuri; Hindi's are the ones its readers know.
  ltr("bho", "भोजपुरी", "hi"),
  ltr("bn", "বাংলা", "bn-u-nu-latn"),
  rtl("ur", "اردو"),
  rtl("ar", "العربية", "ar-u-nu-latn"),
  ltr("fr", "Français"),
  ltr("de", "Deutsch"),
  ltr("ja", "日本語"),
  ltr("zh", "简体中文", "zh-Hans"),
];

export const english = languages[0]!;

export function languageOf(code: string | null | undefined): Language | undefined {
  const main = code?.toLowerCase().split("-")[0];
  return languages.find((language) => language.code === main);
}

/** The stored choice, else the first language of the browser we speak, else English. */
export function pickLanguage(stored: string | null | undefined, wanted: readonly string[]): Language {
  return languageOf(stored) ?? wanted.map(languageOf).find((language) => language !== undefined) ?? english;
}

/** With the country's way to write times and dates, where the browser says which country it is. */
export function regional(language: Language, wanted: readonly string[]): Language {
  const own = new Intl.Locale(language.intl).maximize();
  const { numberingSystem } = new Intl.NumberFormat(language.intl).resolvedOptions();
  for (const tag of wanted) {
    try {
      const theirs = new Intl.Locale(tag);
      // The same language can be written in two scripts; the catalogue has one.
      if (theirs.region && theirs.language === own.language && theirs.maximize().script === own.script) {
        return { ...language, intl: new Intl.Locale(tag, { numberingSystem }).toString() };
      }
    } catch {
      // Some systems name a language as no standard does; that says nothing of a country.
      continue;
    }
  }
  return language;
}
