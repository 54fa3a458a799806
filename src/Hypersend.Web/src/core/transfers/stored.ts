import type { ChatId, FileId, InitUploadRequest } from "../api/types";
import type { FileCard, FileToSend, OutboxEntry } from "../model";
import { cardOf } from "../outbox";
import type { StoredDigests } from "../upload/plan";
import { hexOf } from "../upload/run";

/** What of an upload outlives the page. */
export interface StoredTransfer {
  readonly id: string;
  readonly chatId: ChatId;
  readonly card: FileCard;
  readonly lastModified: number | null;
  /** Hashes of its first and last part, to know the same file again; null where the browser has no SHA-256. */
  readonly prints: string | null;
  readonly upload: BegunUpload | null;
  readonly digests: StoredDigests | null;
  readonly paused: boolean;
  readonly handle: unknown;
  readonly startedAt: string;
}

export interface BegunUpload {
  readonly uploadId: FileId;
  readonly token: string;
  readonly chunkSize: number;
  readonly lanes: number;
  readonly received: readonly (readonly number[])[];
}

export type Digest = (bytes: ArrayBuffer) => Promise<ArrayBuffer>;

/** Small things are kept themselves (a recording, a pasted picture: they are nowhere else); large ones are picked again. */
export const mostKeptBytes = 16 * 1024 * 1024;

const printBytes = 1024 * 1024;

export async function printsOf(file: Blob, digest: Digest | null): Promise<string | null> {
  if (!digest) return null;
  const part = async (from: number, to: number): Promise<string> => hexOf(new Uint8Array(await digest(await file.slice(from, to).arrayBuffer())));
  return `${await part(0, printBytes)}.${await part(Math.max(0, file.size - printBytes), file.size)}`;
}

/** Whether what was picked is what was begun: by its bytes where they can be told, else by its date. */
export async function isSame(stored: StoredTransfer, file: File, digest: Digest | null): Promise<boolean> {
  if (file.name !== stored.card.name || file.size !== stored.card.size) return false;
  const prints = stored.prints && (await printsOf(file, digest));
  return prints ? prints === stored.prints : stored.lastModified === null || stored.lastModified === file.lastModified;
}

export const newStored = (entry: OutboxEntry, { file, handle, ...rest }: FileToSend): StoredTransfer => ({
  id: entry.id, chatId: entry.chatId, card: entry.file ?? cardOf({ file, ...rest }), lastModified: file.lastModified ?? null, prints: null, upload: null,
  digests: null, paused: false, handle: handle ?? null, startedAt: entry.createdAt,
});

export function initOf(entry: OutboxEntry): InitUploadRequest {
  const card = entry.file!;
  return {
    filename: card.name, size: card.size, mime: card.mime, path: card.path ?? null, width: card.width ?? null, height: card.height ?? null,
    duration: card.duration ?? null, voice: card.voice ?? null, retention: card.retention ?? null, chat_id: entry.chatId, client_id: entry.id,
    caption: entry.content || null, reply_to: entry.replyTo, thread: entry.thread,
  };
}

export const bytesOf = (received: readonly (readonly number[])[], chunkSize: number, size: number): number =>
  received.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(size, (to! + 1) * chunkSize) - from! * chunkSize), 0);
