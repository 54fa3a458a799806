import type { FileCard } from "../../core/model";
import { talk } from "../../talk";
import { t } from "../../app";
import { Icon } from "../../ui/Icon";
import { fileIcon } from "../messages/words";
import { mediaBox } from "./mediaBox";
import { SentLine, TransferControl } from "./TransferControl";

/** Without a small picture of its own, a photo or a film is a card like any other file. */
export const hasPicture = (card: FileCard): card is FileCard & { preview: string } => !!card.preview && /^(image|video)\//.test(card.mime);

/** A file before its message exists. */
export function PendingFileView({ id, card }: { id: string; card: FileCard }) {
  const transfer = talk().transfers.transfer(id).value;
  if (hasPicture(card)) {
    const box = mediaBox(card.width, card.height);
    return (
      <div class="media-box" style={{ inlineSize: box.width, aspectRatio: box.ratio }}>
        <img src={card.preview} alt={card.name} />
        {transfer && <span class="media-over"><TransferControl transfer={transfer} /></span>}
        {transfer && <span class="media-note"><SentLine transfer={transfer} /></span>}
      </div>
    );
  }
  return (
    <div class="file-card">
      <span class="file-icon">{transfer ? <TransferControl transfer={transfer} /> : <Icon name={card.voice ? "mic" : fileIcon(card.mime)} />}</span>
      <span class="file-text">
        <span class="file-name" dir="auto">{card.voice ? t("kind.voice") : card.name}</span>
        <span class="file-line small soft-own">{transfer && <SentLine transfer={transfer} />}</span>
      </span>
    </div>
  );
}
