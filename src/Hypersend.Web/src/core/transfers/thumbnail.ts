import type { Send } from "../api/send";
import type { Carried } from "./ports";

/** Once, as soon as there is something to put it beside. */
export async function sendThumbnail(api: Send, item: Carried): Promise<void> {
  const wanted = item.thumbnail;
  item.thumbnail = null;
  if (!wanted || !item.stored.upload) return;
  // A picture of the file is a kindness: without it the card shows the type.
  try {
    const picture = await wanted;
    if (picture && picture.size <= 256 * 1024) await api<void>({ method: "PUT", path: `/files/${encodeURIComponent(item.stored.upload.uploadId)}/thumbnail`, body: picture });
  } catch {
    return;
  }
}
