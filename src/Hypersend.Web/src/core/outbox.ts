import { computed, type ReadonlySignal } from "@preact/signals-core";
import type { ChatId } from "./api/types";
import type { Hub } from "./live/hub";
import type { Draft, FileCard, FileToSend, Outbox, OutboxEntry } from "./model";
import { storable } from "./storableText";

export interface OutboxPorts {
  readonly newId: () => string;
  /** The bytes behind an entry with a file, for the transfer of the same id. */
  readonly keepFile: (entry: OutboxEntry, file: FileToSend) => void;
  readonly dropFile: (id: string) => void;
}

export function createOutbox(hub: Hub, { newId, keepFile, dropFile }: OutboxPorts): Outbox {
  const views = new Map<ChatId, ReadonlySignal<readonly OutboxEntry[]>>();
  const none: readonly OutboxEntry[] = [];

  function entriesOf(draft: Draft): readonly (readonly [OutboxEntry, FileToSend | null])[] {
    const shared = {
      chatId: draft.chatId, replyTo: draft.replyTo ?? null, thread: draft.thread ?? null, forwardOf: null, sendAt: draft.sendAt ?? null,
      expiresIn: draft.expiresIn ?? null, createdAt: new Date(hub.serverNow()).toISOString(), state: "queued", problem: null,
    } as const;
    const content = storable(draft.content ?? "");
    const { files = [], fileIds = [] } = draft;
    if (files.length === 0) return [[{ ...shared, id: newId(), content, file: null, fileIds }, null]];
    return files.map((file, i) => [{ ...shared, id: newId(), content: i === 0 ? content : "", file: cardOf(file), fileIds: [] }, file]);
  }

  return {
    entries: hub.outbox,
    of(chatId) {
      let view = views.get(chatId);
      if (!view) {
        let last = none;
        views.set(chatId, (view = computed(() => {
          const now = hub.outbox.value.filter((entry) => entry.chatId === chatId);
          // The same array while nothing of this chat changed.
          if (now.length !== last.length || now.some((entry, i) => entry !== last[i])) last = now.length > 0 ? now : none;
          return last;
        })));
      }
      return view;
    },
    send(draft) {
      const made = entriesOf(draft);
      for (const [entry, file] of made) if (file) keepFile(entry, file);
      const entries = made.map(([entry]) => entry);
      hub.send(entries);
      return entries;
    },
    retry: (id) => hub.retry(id),
    discard(id) {
      dropFile(id);
      hub.discard(id);
    },
  };
}

export function cardOf(file: FileToSend): FileCard {
  return {
    name: file.name ?? file.file.name ?? "file",
    size: file.file.size,
    mime: file.file.type || "application/octet-stream",
    path: file.path ?? null,
    width: file.width ?? null,
    height: file.height ?? null,
    duration: file.duration ?? null,
    retention: file.retention ?? null,
    preview: file.preview ?? null,
    ...(file.voice ? { voice: true } : {}),
  };
}
