import type { SharedFile } from "../../core/api/types";
import type { Transfer } from "../../core/model";

const pictures = /^image\/(png|jpeg|webp|gif|avif|bmp)$|^video\//;

/** Whether a file is drawn as a picture: once it is there, or as soon as there is something small to show of it. */
export function isPictured(file: SharedFile, transfer: Transfer | null): boolean {
  if (!pictures.test(file.mime)) return false;
  if (file.state === "ready") return true;
  return file.state === "uploading" && Boolean(transfer?.card.preview ?? file.thumbnail_url);
}
