import { session } from "../../app";
import { storage } from "../../storage";

const key = "hs.emoji";
const usual = ["👍", "❤️", "😂", "😮", "😢", "🙏", "🎉", "🔥"];

interface Kept {
  of: string;
  emoji: readonly string[];
}

/** What somebody else took on this device says nothing of me. */
function mine(): readonly string[] {
  const kept = storage.read<Partial<Kept>>(key);
  return kept?.of === session.user.peek()?.id ? (kept?.emoji ?? []) : [];
}

/** Mine of late, filled up with what everybody uses. */
export const recentEmoji = (count: number): string[] => [...new Set([...mine(), ...usual])].slice(0, count);

export function rememberEmoji(emoji: string): void {
  const of = session.user.peek()?.id;
  if (of) storage.write(key, { of, emoji: [emoji, ...mine().filter((other) => other !== emoji)].slice(0, 24) } satisfies Kept);
}
