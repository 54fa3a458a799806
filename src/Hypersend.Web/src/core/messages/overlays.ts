import { signal } from "@preact/signals-core";
import type { Message, MessageId } from "../api/types";

/** What I did to a message and the server does not know yet: shown at once, and gone as soon as its own word is here. */
export class Overlays {
  readonly #changes = new Map<MessageId, ((message: Message) => Message)[]>();
  readonly #removing = new Set<MessageId>();
  readonly #version = signal(0);

  /** Read by whoever shows messages, so that it is drawn again. */
  get version(): number {
    return this.#version.value;
  }

  shown(message: Message): Message {
    return (this.#changes.get(message.id) ?? []).reduce((now, change) => change(now), message);
  }

  isChanging(id: MessageId): boolean {
    return this.#changes.has(id);
  }

  isRemoving(id: MessageId): boolean {
    return this.#removing.has(id);
  }

  async during<T>(id: MessageId, change: (message: Message) => Message, work: () => Promise<T>): Promise<T> {
    this.#changes.set(id, [...(this.#changes.get(id) ?? []), change]);
    this.#version.value++;
    try {
      return await work();
    } finally {
      const rest = this.#changes.get(id)!.filter((other) => other !== change);
      if (rest.length > 0) this.#changes.set(id, rest);
      else this.#changes.delete(id);
      this.#version.value++;
    }
  }

  hide(ids: readonly MessageId[], on: boolean): void {
    for (const id of ids) {
      if (on) this.#removing.add(id);
      else this.#removing.delete(id);
    }
    this.#version.value++;
  }
}

/** The reactions as they will be once mine is on, or off. */
export function withReaction(message: Message, emoji: string, on: boolean): Message {
  const found = message.reactions.find((reaction) => reaction.emoji === emoji);
  if ((found?.me === true) === on) return message;
  const count = (found?.count ?? 0) + (on ? 1 : -1);
  const rest = message.reactions.map((reaction) => (reaction === found ? { emoji, count, me: on } : reaction)).filter((reaction) => reaction.count > 0);
  return { ...message, reactions: found || !on ? rest : [...rest, { emoji, count: 1, me: true }] };
}
