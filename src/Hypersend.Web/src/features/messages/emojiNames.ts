import { signal } from "@preact/signals";
import { i18n } from "../../app";
import { readEmojiNames, type EmojiNames } from "./emojis";

const files = import.meta.glob<readonly string[]>("../../emoji/*.json", { import: "default" });

/** Of the language that is spoken at the moment; empty until they are here, and in English, whose words stand in the list. */
export const emojiNames = signal<ReadonlyMap<string, EmojiNames>>(new Map());

export async function loadEmojiNames(): Promise<void> {
  const { code } = i18n.language.value;
  const entries = await files[`../../emoji/${code === "bho" ? "hi" : code}.json`]?.();
  if (i18n.language.value.code !== code) return;
  emojiNames.value = readEmojiNames(entries ?? []);
}
