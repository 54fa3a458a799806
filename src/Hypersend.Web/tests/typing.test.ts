import { expect, it, vi } from "vitest";
import { read } from "../scripts/check-catalogues.mjs";
import type { Person } from "../src/core/api/types";
import { createI18n, type Catalogue, type I18n } from "../src/core/i18n";
import { languageOf } from "../src/core/languages";
import { typingText } from "../src/features/people/lastSeen";

// The app itself needs a page; what it says does not.
const app = vi.hoisted(() => ({ i18n: null as unknown as I18n }));
vi.mock("../src/app", () => ({
  get i18n() {
    return app.i18n;
  },
  t: (...said: Parameters<I18n["t"]>) => app.i18n.t(...said),
}));
vi.mock("../src/time", () => ({}));

const people = ["Ana", "Ben", "Cy"].map((name): Person => ({ id: name, username: name.toLowerCase(), name, avatar_url: null }));

async function speak(code: string): Promise<void> {
  app.i18n = createI18n(async (wanted) => read(wanted) as Catalogue);
  await app.i18n.use(languageOf(code)!);
}

it.each([
  ["en", "Ana is typing…", "{both} are typing…", "3 people are typing…"],
  ["de", "Ana schreibt …", "{both} schreiben …", "3 Personen schreiben …"],
  // A name of another script stands apart, and so do two of them.
  ["ar", "\u2068Ana\u2069 يكتب…", "\u2067{both}\u2069 يكتبان…", "3 أشخاص يكتبون…"],
])("in %s one writes, two write, and three are counted", async (code, one, two, three) => {
  await speak(code);
  const both = new Intl.ListFormat(code, { style: "short" }).format(["Ana", "Ben"]);
  expect([1, 2, 3].map((count) => typingText(people.slice(0, count), false))).toEqual([one, two.replace("{both}", both), three]);
});

it("names nobody where only one other is", async () => {
  await speak("en");
  expect([typingText([], true), typingText(people.slice(0, 1), true)]).toEqual([null, "typing…"]);
});
