import type { SharedFile } from "../../core/api/types";
import type { Entry, Transfer } from "../../core/model";
import { talk } from "../../talk";

const pictures = /^image\/(png|jpeg|webp|gif|avif|bmp)$|^video\//;

/** Whether a file is drawn as a picture: once it is there, or as soon as there is something small to show of it. A film has nothing else to show. */
export function isPictured(file: SharedFile, transfer: Transfer | null): boolean {
  if (!pictures.test(file.mime)) return false;
  if (file.state === "ready" && !file.mime.startsWith("video/")) return true;
  return (file.state === "ready" || file.state === "uploading") && Boolean(transfer?.card.preview ?? file.thumbnail_url);
}

/** One picture and nothing else, so that it may stand beside the next one. */
export function isBarePicture(entry: Entry): boolean {
  if (entry.kind === "pending") {
    const { file, content, replyTo, state, problem } = entry.pending;
    return file !== null && !file.voice && Boolean(file.preview) && pictures.test(file.mime) && !content && !replyTo && state !== "failed" && !problem;
  }
  const { deleted_at, files, content, reply_to, forwarded_sender, thread, thread_count } = entry.message;
  const [file] = files;
  if (deleted_at || files.length !== 1 || !file || content || reply_to || forwarded_sender || thread || thread_count > 0) return false;
  return isPictured(file, talk().transfers.ofFile(file.id).peek());
}
