import type { Message, Person, Reaction, UserId } from "../api/types";
import { samePerson } from "./state";
import type { ReactionChange } from "./wire";

/** Which of two versions of a message stays, and what it takes over: pure decisions. */

const knowsMine = (message: Message): boolean => message.reactions.every((reaction) => typeof reaction.me === "boolean");

/** The one to keep, or null when the known one stays: the higher rev wins, and takes over what only the other says about me. */
export function newerOf(known: Message | undefined, message: Message, change: ReactionChange | null, me: UserId | null): Message | null {
  if (known && (known.rev > message.rev || (known.rev === message.rev && (knowsMine(known) || !knowsMine(message))))) return null;
  return {
    ...message,
    bookmarked: message.bookmarked ?? known?.bookmarked ?? null,
    reactions: message.reactions.map((reaction) => ({ ...reaction, me: isMine(reaction, known, change, me) })),
  };
}

function isMine(reaction: Reaction, known: Message | undefined, change: ReactionChange | null, me: UserId | null): boolean | null {
  if (typeof reaction.me === "boolean") return reaction.me;
  if (change && change.user_id === me && change.emoji === reaction.emoji) return change.on;
  // Of a message that I have not seen before, nobody can tell what I did to it.
  if (!known) return null;
  const before = known.reactions.find((other) => other.emoji === reaction.emoji);
  return before ? (before.me ?? null) : false;
}

/**
 * An event that a server repaired shows that reactions changed and not who did it. It may have been me, on another device,
 * so the chat is asked for instead.
 */
export function hidesReaction(known: Message | undefined, lastSeq: number, message: Message, change: ReactionChange | null): boolean {
  if (change || message.reactions.length === 0) return false;
  if (!known) return message.seq > lastSeq;
  return known.rev < message.rev && !sameReactions(message.reactions, known.reactions);
}

const sameReactions = (one: readonly Reaction[], other: readonly Reaction[]): boolean =>
  one.length === other.length && one.every((reaction, i) => reaction.emoji === other[i]!.emoji && reaction.count === other[i]!.count);

/** The people under their newest name; null when nothing changes. */
export function renamed(message: Message, people: ReadonlyMap<UserId, Person>): Message | null {
  const sender = people.get(message.sender.id) ?? message.sender;
  const author = message.forwarded_sender ? (people.get(message.forwarded_sender.id) ?? message.forwarded_sender) : null;
  if (samePerson(sender, message.sender) && samePerson(author, message.forwarded_sender)) return null;
  return { ...message, sender, forwarded_sender: author };
}

/** What a message adds to what waits for me. */
export const waiting = (message: Message, me: UserId | null): readonly [unread: number, mentions: number] =>
  message.deleted_at || message.failed_at ? [0, 0] : [1, message.mentions_all || (me !== null && message.mentions.includes(me)) ? 1 : 0];
