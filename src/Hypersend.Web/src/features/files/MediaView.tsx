import { useState } from "preact/hooks";
import { t } from "../../app";
import type { Message, SharedFile } from "../../core/api/types";
import { inlineUrl } from "../../core/files";
import type { Transfer } from "../../core/model";
import { bytes, length } from "../../formats";
import { talk } from "../../talk";
import { Icon } from "../../ui/Icon";
import { mediaBox } from "./mediaBox";
import { SentLine, TransferControl } from "./TransferControl";
import { openViewer } from "./viewer";

/** A picture or a film in a bubble, in a box that was there before it. */
export function MediaView({ file, message, transfer }: { file: SharedFile; message: Message; transfer: Transfer | null }) {
  const [seen, setSeen] = useState(false);
  const box = mediaBox(file.width, file.height);
  const video = file.mime.startsWith("video/");
  const ready = file.state === "ready";
  const source = transfer?.card.preview ?? file.thumbnail_url ?? (!video && ready ? inlineUrl(file.id) : null);
  const picture = source && <img class={seen ? "seen" : undefined} src={source} alt="" loading="lazy" decoding="async" onLoad={() => setSeen(true)} />;
  const sending = !ready && transfer;
  if (sending) {
    return (
      <div class="media-box" style={{ inlineSize: box.width, aspectRatio: box.ratio }}>
        {picture}
        <span class="media-over"><TransferControl transfer={transfer} /></span>
        <span class="media-note"><SentLine transfer={transfer} /></span>
      </div>
    );
  }
  return (
    <button
      type="button"
      class="media-box"
      style={{ inlineSize: box.width, aspectRatio: box.ratio }}
      aria-label={t("file.show", { name: file.filename })}
      disabled={!ready}
      onClick={() => show(file, message)}
    >
      {picture || <Icon name={video ? "video" : "image"} />}
      {video && <span class="media-over"><span class="media-play"><Icon name="play" /></span></span>}
      {video && <span class="media-note numbers">{file.duration ? length(file.duration) : bytes(file.size ?? 0)}</span>}
    </button>
  );
}

/** All pictures and films that are loaded around it can be leafed through. */
function show(file: SharedFile, message: Message): void {
  const { messages } = talk();
  const view = message.thread ? messages.threadOf(message.thread) : messages.messagesOf(message.chat_id);
  const found = view.items.value.flatMap((entry) =>
    entry.kind === "message" && !entry.message.deleted_at
      ? entry.message.files.filter((one) => one.state === "ready" && /^(image|video)\//.test(one.mime)).map((one) => [one, entry.message] as const)
      : []);
  const all = found.some(([one]) => one.id === file.id) ? found : [[file, message] as const];
  openViewer({
    files: all.map(([one]) => one),
    at: all.findIndex(([one]) => one.id === file.id),
    messages: new Map(all.map(([one, its]) => [one.id, its])),
  });
}
