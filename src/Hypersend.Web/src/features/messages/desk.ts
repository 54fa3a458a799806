import { signal, type Signal } from "@preact/signals";
import type { Message } from "../../core/api/types";
import type { Spoken } from "../files/recording";
import { onLeaving } from "../../personal";

/** What a person is doing in one conversation; kept while they look at another. */
export interface Desk {
  readonly chatId: string;
  /** The first message of the thread; null for the whole chat. */
  readonly thread: string | null;
  readonly replyTo: Signal<Message | null>;
  readonly editing: Signal<Message | null>;
  /** The words of an edit that did not get through or was left: the next try begins with them. */
  unsaved: { readonly id: string; readonly words: string } | null;
  /** The messages that are marked, by id, wherever the list has gone since; null while nothing is being chosen. */
  readonly chosen: Signal<ReadonlyMap<string, Message> | null>;
  readonly text: Signal<string>;
  /** A voice message that was left before it was sent or thrown away. */
  readonly spoken: Signal<Spoken | null>;
  /** What was last known to be begun here, by whichever of one's devices. */
  draft: string;
  /** Where the list should go next: set by quotes, pins and search, cleared by the list. */
  readonly goal: Signal<number | null>;
}

const desks = new Map<string, Desk>();
onLeaving(() => desks.clear());

export function deskOf(chatId: string, thread: string | null, draft = ""): Desk {
  const key = thread ?? chatId;
  let desk = desks.get(key);
  if (!desk) {
    desk = {
      chatId, thread, replyTo: signal(null), editing: signal(null), unsaved: null, chosen: signal(null), text: signal(draft), spoken: signal(null), draft, goal: signal(null),
    };
    desks.set(key, desk);
  }
  return desk;
}

/** Words that nobody here has touched go with the account: changed, sent or taken back on another device, or known too late to be so. */
export function followDraft(desk: Desk, draft: string): void {
  const before = desk.draft;
  desk.draft = draft;
  if (draft !== before && !desk.editing.peek() && desk.text.peek() === before) desk.text.value = draft;
}

export function choose(desk: Desk, message: Message): void {
  const next = new Map(desk.chosen.value ?? []);
  if (!next.delete(message.id)) next.set(message.id, message);
  desk.chosen.value = next.size > 0 ? next : null;
}

/** Ends the choosing that is going on; answers whether there was any. */
export function chooseNothing(): boolean {
  const choosing = [...desks.values()].filter((desk) => desk.chosen.peek());
  for (const desk of choosing) desk.chosen.value = null;
  return choosing.length > 0;
}

/** An edit that is under way waits until it is taken up again. */
export function answer(desk: Desk, message: Message): void {
  const editing = desk.editing.value;
  if (editing) {
    desk.unsaved = { id: editing.id, words: desk.text.value };
    desk.editing.value = null;
  }
  desk.replyTo.value = message;
}
