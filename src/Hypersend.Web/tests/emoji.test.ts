import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { emojiGroups, findEmoji, readEmojiNames } from "../src/features/messages/emojis";

const folder = new URL("../src/emoji/", import.meta.url);
const entriesOf = (file: string): string[] => JSON.parse(readFileSync(new URL(file, folder), "utf8")) as string[];
const namesOf = (code: string) => readEmojiNames(entriesOf(`${code}.json`));

it("has names of nearly all emoji in every language but English, and Bhojpuri reads Hindi's", () => {
  const count = emojiGroups.reduce((sum, group) => sum + group.emojis.length, 0);
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  expect(files).toHaveLength(13);
  for (const file of files) expect(entriesOf(file).length, file).toBeGreaterThan(count * 0.9);
});

it.each([["de", "hund", "🐶"], ["fr", "coeur", "❤️"], ["fr", "fete", "🎉"], ["ja", "犬", "🐶"], ["zh", "狗", "🐶"], ["hi", "कुत्ता", "🐶"], ["ar", "كلب", "🐶"], ["ta", "நாய்", "🐶"], ["de", "dog", "🐶"]])(
  "in %s %s finds %s", (code, word, sign) => {
    expect(findEmoji(word, namesOf(code)).map((emoji) => emoji.sign)).toContain(sign);
  },
);
