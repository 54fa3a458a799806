import type { Message, SharedFile } from "../../core/api/types";
import { personal } from "../../personal";

/** What lies in the light box: pictures, films and documents of one conversation, and which of them is in front. */
export interface Viewing {
  files: readonly SharedFile[];
  at: number;
  /** What a file came with, where that is known. */
  messages?: ReadonlyMap<string, Message>;
}

export const viewing = personal<Viewing | null>(null);

export function openViewer(next: Viewing): void {
  viewing.value = next;
}

const textual = /^text\/|^application\/(json|xml|javascript|x-sh|yaml|toml)/;
const mostText = 2_000_000;

// The server never sends a PDF to be shown by the browser itself; a lazy module draws its pages.
export const kindOf = (file: SharedFile): "image" | "video" | "text" | "pdf" | null => {
  if (/^image\/(png|jpeg|webp|gif|avif|bmp)$/.test(file.mime)) return "image";
  if (file.mime.startsWith("video/")) return "video";
  if (file.mime === "application/pdf") return "pdf";
  return textual.test(file.mime) && (file.size ?? Infinity) <= mostText ? "text" : null;
};

export const canPreview = (file: SharedFile): boolean => kindOf(file) !== null;
