import type { ChatEntry } from "../../core/model";

export const filters = ["all", "unread", "direct", "group", "channel"] as const;
export type Filter = (typeof filters)[number];

export const passes = (chat: ChatEntry, filter: Filter): boolean => {
  switch (filter) {
    case "all":
      return true;
    case "unread":
      return chat.unread > 0 || chat.mentions > 0;
    case "direct":
      return chat.type === "direct" || chat.type === "saved";
    case "group":
      return chat.type === "group" || chat.type === "room";
    case "channel":
      return chat.type === "channel";
  }
};

/** By the beginning of any word of the name, as one types when looking for somebody. */
export function matches(name: string, query: string): boolean {
  const wanted = query.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const words = name.toLocaleLowerCase().split(/[\s@._-]+/);
  return wanted.every((part) => words.some((word) => word.startsWith(part)) || name.toLocaleLowerCase().includes(part));
}
