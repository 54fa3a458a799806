import { errorText, t } from "../../app";
import type { SharedFile } from "../../core/api/types";
import { inlineUrl } from "../../core/files";
import type { ChatEntry } from "../../core/model";
import { files } from "../../files";
import { length } from "../../formats";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Icon } from "../../ui/Icon";
import { Message } from "../../ui/Screen";
import { RowSkeletons } from "../../ui/Skeletons";
import { usePaged } from "../../ui/usePaged";
import { FileCardView } from "../files/FileCardView";
import { SoundPlayer } from "../files/SoundPlayer";
import { openViewer } from "../files/viewer";

type Kind = "media" | "files" | "sounds";

const isMedia = (file: SharedFile): boolean => /^(image|video)\//.test(file.mime);
const isSound = (file: SharedFile): boolean => file.mime.startsWith("audio/");
const fits: Record<Kind, (file: SharedFile) => boolean> = {
  media: isMedia, sounds: isSound, files: (file) => !isMedia(file) && !isSound(file),
};

export function SharedFiles({ chat, kind }: { chat: ChatEntry; kind: Kind }) {
  const paged = usePaged<SharedFile>((cursor) => files.ofChat(chat.id, cursor), [chat.id]);
  if (paged.error !== null) return <Message inner title={errorText(paged.error)} action={t("action.retry")} onAction={paged.reload} />;
  if (paged.items === null) return <RowSkeletons count={4} />;
  const shown = paged.items.filter((file) => file.state === "ready" && fits[kind](file));
  return (
    <section class="card flush">
      {shown.length === 0 && !paged.more && <Empty icon={kind === "media" ? "image" : kind === "sounds" ? "music" : "file"} title={t("filter.none")} />}
      {kind === "media"
        ? (
          <ul class="media-grid">
            {shown.map((file, at) => (
              <li key={file.id}>
                <button type="button" class="media-cell" aria-label={t("file.show", { name: file.filename })} onClick={() => openViewer({ files: shown, at })}>
                  {file.thumbnail_url || file.mime.startsWith("image/")
                    ? <img src={file.thumbnail_url ?? inlineUrl(file.id)} alt="" loading="lazy" />
                    : <Icon name="video" />}
                  {file.duration ? <span class="media-note numbers">{length(file.duration)}</span> : null}
                </button>
              </li>
            ))}
          </ul>
        )
        : <ul class="file-list">{shown.map((file) => <li key={file.id}>{kind === "sounds" ? <SoundPlayer file={file} voice={false} /> : <FileCardView file={file} transfer={null} />}</li>)}</ul>}
      {paged.more && <div class="pad"><Button kind="tonal" wide busy={paged.busy} onClick={paged.next}>{t("devices.more")}</Button></div>}
    </section>
  );
}
