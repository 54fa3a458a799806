import { describe, expect, it } from "vitest";
import { read } from "../scripts/check-catalogues.mjs";
import { errorText } from "../src/core/errorText";
import { createI18n, type Catalogue } from "../src/core/i18n";
import { english, languageOf, pickLanguage, regional } from "../src/core/languages";
import { Problem } from "../src/core/problem";

async function speaking(code: string) {
  const i18n = createI18n(async (wanted) => read(wanted) as Catalogue);
  await i18n.use(languageOf(code)!);
  return i18n;
}

describe("plurals", () => {
  it("know all six forms of Arabic", async () => {
    const { t } = await speaking("ar");
    const texts = [0, 1, 2, 5, 15, 100].map((count) => t("devices.count", { count }));
    expect(new Set(texts).size).toBe(6);
    expect(texts[3]).toContain("5");
  });

  it("tell one from many in English, German, Marathi", async () => {
    for (const code of ["en", "de", "mr"]) {
      const { t } = await speaking(code);
      expect(t("devices.count", { count: 1 })).not.toBe(t("devices.count", { count: 2 }).replace("2", "1"));
    }
  });

  it("follow Hindi in Bhojpuri, where nought counts as one", async () => {
    const { t } = await speaking("bho");
    const texts = read("bho")["devices.count"] as Record<string, string>;
    expect(t("devices.count", { count: 0 })).toBe(texts.one!.replace("{count}", "0"));
    expect(t("devices.count", { count: 2 })).toBe(texts.other!.replace("{count}", "2"));
  });

  it("write big numbers as the language does", async () => {
    expect((await speaking("hi")).t("devices.count", { count: 1234567 })).toContain("12,34,567");
    expect((await speaking("de")).t("devices.count", { count: 1234567 })).toContain("1.234.567");
  });
});

describe("a name in a sentence", () => {
  it("stands apart where it runs against the sentence", async () => {
    const [english, arabic] = [await speaking("en"), await speaking("ar")];
    expect(english.t("typing.named", { count: 1, name: "دينا" })).toBe("\u2068دينا\u2069 is typing…");
    expect(arabic.t("typing.named", { count: 1, name: "Ben" })).toContain("\u2068Ben\u2069");
    expect(english.t("typing.named", { count: 2, name: "دينا & Ana" })).toBe("\u2066دينا & Ana\u2069 are typing…");
    expect(arabic.t("typing.named", { count: 2, name: "Ana وBen" })).toContain("\u2067Ana وBen\u2069");
  });

  it("stands as it is where it runs along", async () => {
    const [english, arabic, chinese] = [await speaking("en"), await speaking("ar"), await speaking("zh")];
    expect(english.t("typing.named", { count: 1, name: "Ben" })).toBe("Ben is typing…");
    for (const text of [arabic.t("typing.named", { count: 1, name: "دينا" }), arabic.t("chat.online", { count: "1,200" }), chinese.t("typing.named", { count: 1, name: "陈" })]) expect(text).not.toMatch(/[\u2066-\u2069]/);
  });

  it("turns nothing round that stands beside it", async () => {
    const { t } = await speaking("en");
    expect(t("typing.named", { count: 1, name: "\u2069\u202eneB" })).toBe("neB is typing…");
  });
});

describe("choosing the language", () => {
  it("takes the stored one first", () => expect(pickLanguage("ta", ["de"]).code).toBe("ta"));
  it("else the first of the browser that we speak", () => expect(pickLanguage(null, ["sv-SE", "pa-Guru-IN", "en"]).code).toBe("pa"));
  it("else English", () => expect(pickLanguage("xx", ["sv"])).toBe(english));

  it("keeps the newest of two choices, whichever loads first", async () => {
    const waiting = new Map<string, (texts: Catalogue) => void>();
    const i18n = createI18n((code) => new Promise((resolve) => waiting.set(code, resolve)));
    const slow = i18n.use(languageOf("de")!);
    const quick = i18n.use(languageOf("fr")!);
    waiting.get("fr")!({ logout: "F" });
    await quick;
    waiting.get("de")!({ logout: "D" });
    await slow;
    expect(i18n.t("logout")).toBe("F");
  });
});

describe("the words for a failure", () => {
  it("are the catalogue's where it knows the code", async () => {
    expect(errorText(await speaking("de"), new Problem(401, "invalid_credentials", { detail: "no" }))).toContain("Passwort");
  });
  it("are the server's where it does not", async () => {
    expect(errorText(await speaking("de"), new Problem(422, "odd", { detail: "Odd.", hint: "Even it." }))).toBe("Odd. Even it.");
  });
  it("say how long to wait", async () => {
    expect(errorText(await speaking("en"), new Problem(429, "too_many_failures", { retryAfter: 4 }))).toBe("Too many attempts. Try again in 4 seconds.");
  });
});

describe("times", () => {
  it("are relative and in the language", async () => {
    const now = Date.UTC(2026, 0, 2);
    expect((await speaking("fr")).ago(new Date(now - 3 * 3_600_000).toISOString(), now)).toBe("il y a 3 heures");
    expect((await speaking("en")).ago(new Date(now - 86_400_000).toISOString(), now)).toBe("yesterday");
  });
  it("are written as in the browser's country, in the catalogue's digits and script", () => {
    const like = (code: string, ...wanted: string[]): string => regional(languageOf(code)!, wanted).intl;
    expect([like("en", "de-AT", "en-GB"), like("en", "C", "en"), like("ar", "ar-EG"), like("zh", "zh-TW"), like("ur", "ur-IN")])
      .toEqual(["en-GB-u-nu-latn", "en", "ar-EG-u-nu-latn", "zh-Hans", "ur-IN-u-nu-latn"]);
  });
});
