import { storage } from "../../storage";

const key = "hs.emoji";
const usual = ["👍", "❤️", "😂", "😮", "😢", "🙏", "🎉", "🔥"];

/** Mine of late, filled up with what everybody uses. */
export const recentEmoji = (count: number): string[] =>
  [...new Set([...(storage.read<string[]>(key) ?? []), ...usual])].slice(0, count);

export function rememberEmoji(emoji: string): void {
  storage.write(key, [emoji, ...(storage.read<string[]>(key) ?? []).filter((other) => other !== emoji)].slice(0, 24));
}
