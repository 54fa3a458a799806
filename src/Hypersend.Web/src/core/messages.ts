import { effect } from "@preact/signals-core";
import type { ChatId, Message, MessageId, PageOfMessage, PageOfMessageVersion, PageOfReceipt, PageOfScheduledMessage } from "./api/types";
import type { Hub } from "./live/hub";
import { nextMention } from "./messages/mentions";
import { Overlays, withReaction } from "./messages/overlays";
import { Removals } from "./messages/removals";
import { ChatWindow, type WindowSizes } from "./messages/window";
import type { Messages, OutboxEntry } from "./model";
import { Problem } from "./problem";
import type { Records } from "./storage/records";
import { storable } from "./storableText";

export interface MessagesPorts {
  readonly sizes: () => WindowSizes;
  readonly newId: () => string;
  readonly records: Records;
}

/** Another tab that still waits for a change of mind decides first. */
const otherTabMs = 2_000;

export interface MessagesDesk extends Messages {
  /** The page is being closed: deletions that could still be taken back are done now. */
  leave(): void;
}

export function createMessages(hub: Hub, { sizes, newId, records }: MessagesPorts): MessagesDesk {
  const undoable = new Set<() => void>();
  const windows = new Map<string, ChatWindow>();
  const overlays = new Overlays();
  const removals = new Removals(records);
  const call = hub.api;
  const at = (id: MessageId, rest = ""): string => `/messages/${encodeURIComponent(id)}${rest}`;
  const chatOf = (id: MessageId): ChatId => id.slice(0, id.lastIndexOf("."));
  const seqOf = (id: MessageId): number => Number(id.slice(id.lastIndexOf(".") + 1));

  function windowOf(chatId: ChatId, thread: MessageId | null): ChatWindow {
    const key = thread ?? chatId;
    let window = windows.get(key);
    if (!window) windows.set(key, (window = new ChatWindow(hub, overlays, chatId, thread, sizes)));
    return window;
  }

  function take(message: Message): void {
    hub.merge(message.chat_id, hub.store.state.epoch, [message]);
  }

  const peek = (id: MessageId): Message | null => hub.store.state.chats.get(chatOf(id))?.messages.get(seqOf(id)) ?? null;
  const fetch = async (id: MessageId): Promise<Message> => {
    const message = await call<Message>({ path: `/messages/item/${encodeURIComponent(id)}` });
    take(message);
    return message;
  };

  /** Done there, then shown here by the server's own word. */
  const change = (id: MessageId, show: (message: Message) => Message, work: () => Promise<Message | void>): Promise<void> =>
    overlays.during(id, show, async () => {
      const said = await work();
      if (said) take(said);
      else await fetch(id);
    });

  async function removeAll(ids: readonly MessageId[], keepalive: boolean): Promise<void> {
    let failure: unknown = null;
    const removeOne = async (id: MessageId): Promise<void> => {
      try {
        await call<void>({ method: "DELETE", path: at(id), keepalive });
        await fetch(id).catch(() => {});
      } catch (error) {
        failure ??= error;
      }
    };
    // A page that goes has no second moment, so that all have to leave in this one.
    if (keepalive) await Promise.all(ids.map(removeOne));
    else for (const id of ids) await removeOne(id);
    overlays.hide(ids, false);
    if (failure) throw failure;
  }

  /** What a page that went had no time for is done now, unless it was taken back in the tab it belongs to. */
  async function finishRemovals(): Promise<void> {
    for (const { removes: id, until } of await removals.left()) {
      overlays.hide([id], true);
      hub.clock.after(Math.max(0, until + otherTabMs - hub.clock.now()), () => void finishOne(id));
    }
  }

  async function finishOne(id: MessageId): Promise<void> {
    try {
      if ((await removals.left()).some((one) => one.removes === id)) await removeAll([id], false);
      removals.drop([id]);
    } catch (error) {
      // What the server did not answer to is asked for again by the next page.
      if (!(error instanceof Problem && error.isTransient)) removals.drop([id]);
    } finally {
      overlays.hide([id], false);
    }
  }

  const stopWaiting = effect(() => {
    if (hub.status.value !== "live") return;
    queueMicrotask(() => {
      stopWaiting();
      void finishRemovals();
    });
  });

  return {
    leave: () => [...undoable].forEach((decide) => decide()),
    messagesOf: (chatId) => windowOf(chatId, null),
    threadOf: (id) => windowOf(chatOf(id), id),
    peek,
    async find(id) {
      const here = peek(id);
      if (here) return here;
      try {
        return await fetch(id);
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      }
    },
    edit: (id, words) => {
      const content = storable(words);
      return change(id, (message) => ({ ...message, content }), () => call<Message>({ method: "PUT", path: at(id), body: { content } }));
    },
    remove(ids, undoMs = 5_000) {
      overlays.hide(ids, true);
      removals.keep(ids, hub.clock.now() + undoMs);
      let undo = (): boolean => false;
      const done = new Promise<boolean>((resolve, reject) => {
        const decide = (keepalive: boolean): void => {
          undoable.delete(leaving);
          removeAll(ids, keepalive).finally(() => removals.drop(ids)).then(() => resolve(true), reject);
        };
        const cancel = hub.clock.after(undoMs, () => decide(false));
        const leaving = (): void => {
          cancel();
          decide(true);
        };
        undoable.add(leaving);
        undo = () => {
          if (!undoable.delete(leaving)) return false;
          cancel();
          removals.drop(ids);
          overlays.hide(ids, false);
          resolve(false);
          return true;
        };
      });
      return { undo: () => undo(), done };
    },
    react: (id, emoji, on) =>
      change(id, (message) => withReaction(message, emoji, on), () =>
        on ? call<Message>({ method: "POST", path: at(id, "/react"), body: { emoji } }) : call<void>({ method: "DELETE", path: at(id, `/react/${encodeURIComponent(emoji)}`) })),
    pin: (id, on) =>
      change(id, (message) => ({ ...message, pinned: on }), () => call<Message | void>({ method: on ? "POST" : "DELETE", path: at(id, "/pin") })),
    bookmark: async (id, on) => {
      await overlays.during(id, (message) => ({ ...message, bookmarked: on }), async () => {
        await call<void>({ method: on ? "POST" : "DELETE", path: at(id, "/bookmark") });
        // Mine alone, so it has no rev and no event: what is here is put right by hand.
        const chat = hub.store.state.chats.get(chatOf(id));
        const known = peek(id);
        if (!chat || !known) return;
        chat.messages.set(known.seq, { ...known, bookmarked: on });
        hub.touch(chatOf(id));
      });
    },
    dropPreview: (id) => call<void>({ method: "DELETE", path: at(id, "/preview") }),
    async forward(ids, to) {
      const made = to.flatMap((chatId) => ids.map((forwardOf): OutboxEntry => ({
        id: newId(), chatId, content: peek(forwardOf)?.content ?? "", forwardOf, replyTo: null, thread: null, file: null, fileIds: [], sendAt: null,
        expiresIn: null, createdAt: new Date(hub.serverNow()).toISOString(), state: "queued", problem: null,
      })));
      hub.send(made);
    },
    nextMention: (chatId) => nextMention(hub, chatId),
    pins: async (chatId) => (await call<PageOfMessage>({ path: `/chats/${encodeURIComponent(chatId)}/pins` })).items,
    bookmarks: (cursor) => call<PageOfMessage>({ path: cursor ? `/bookmarks?cursor=${encodeURIComponent(cursor)}` : "/bookmarks" }),
    versions: async (id) => (await call<PageOfMessageVersion>({ path: at(id, "/history") })).items,
    receipts: async (id) => (await call<PageOfReceipt>({ path: at(id, "/receipts?limit=200") })).items,
    scheduled: async (chatId) => (await call<PageOfScheduledMessage>({ path: `/chats/${encodeURIComponent(chatId)}/scheduled` })).items,
    reschedule: async (id, body) => void (await call({ method: "PUT", path: `/messages/scheduled/${encodeURIComponent(id)}`, body })),
    unschedule: (id) => call<void>({ method: "DELETE", path: `/messages/scheduled/${encodeURIComponent(id)}` }),
  };
}
