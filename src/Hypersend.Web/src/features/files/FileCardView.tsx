import { t } from "../../app";
import type { SharedFile } from "../../core/api/types";
import type { Transfer } from "../../core/model";
import { downloadUrl } from "../../core/files";
import { download } from "../../files";
import { bytes, percent } from "../../formats";
import { FactLine } from "../../ui/FactLine";
import { Icon } from "../../ui/Icon";
import { ProgressRing } from "../../ui/Progress";
import { fileIcon } from "../messages/words";
import { canPreview, openViewer } from "./viewer";
import { cancelSending, SentLine, TransferControl } from "./TransferControl";

const ending = (name: string): string => /\.([A-Za-z0-9]{1,5})$/.exec(name)?.[1]?.toUpperCase() ?? "";

/** A file as an ordinary bubble, from the first byte that leaves to the download, whatever its size. */
export function FileCardView({ file, transfer }: { file: SharedFile; transfer: Transfer | null }) {
  const ready = file.state === "ready";
  const sending = transfer !== null && file.state === "uploading";
  return (
    <div class="file-card">
      <span class="file-icon" data-kind={fileIcon(file.mime)}>
        {sending ? <TransferControl transfer={transfer} /> : ready ? <Open file={file} /> : <State file={file} />}
      </span>
      <span class="file-text">
        <span class="file-name" dir="auto" title={file.path ?? file.filename}>{file.filename}</span>
        <span class="small soft-own file-line">{sending ? <SentLine transfer={transfer} /> : <Line file={file} />}</span>
      </span>
      {sending && transfer.state !== "verifying" && transfer.state !== "failed" && (
        <button type="button" class="icon-button" aria-label={t("transfer.cancel")} title={t("transfer.cancel")} onClick={() => void cancelSending(transfer)}>
          <Icon name="close" />
        </button>
      )}
      {ready && canPreview(file) && (
        <button type="button" class="icon-button" aria-label={t("file.preview")} title={t("file.preview")} onClick={() => openViewer({ files: [file], at: 0 })}>
          <Icon name="eye" />
        </button>
      )}
    </div>
  );
}

/** A true link, so that it can be copied and opened beside; a plain click takes the signed address. */
function Open({ file }: { file: SharedFile }) {
  return (
    <a
      class="ring-button"
      href={downloadUrl(file.id)}
      download={file.filename}
      aria-label={t("file.download", { name: file.filename })}
      title={t("action.download")}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        void download(file.id, file.filename);
      }}
    >
      <span class="ending" aria-hidden="true">{ending(file.filename) || <Icon name={fileIcon(file.mime)} />}</span>
      <span class="ending-over" aria-hidden="true"><Icon name="download" /></span>
    </a>
  );
}

function State({ file }: { file: SharedFile }) {
  if (file.state !== "uploading") return <span class="ring-button"><Icon name="alert" /></span>;
  return (
    <span class="ring-frame">
      <ProgressRing value={file.size ? file.received_bytes / file.size : null} label={file.filename} />
      <span class="ring-button"><Icon name="arrowUp" /></span>
    </span>
  );
}

function Line({ file }: { file: SharedFile }) {
  if (file.state === "uploading") {
    const facts = file.size ? [percent(file.received_bytes / file.size), bytes(file.size)] : [bytes(file.received_bytes)];
    return <FactLine facts={[t("file.arriving"), ...facts]} />;
  }
  if (file.state !== "ready") return <>{t(`file.${file.state}`)}</>;
  return (
    <>
      <span>{bytes(file.size ?? 0)}</span>
      {file.sha256_root && (
        <span class="verified" title={`${t("file.verified.text")} ${file.sha256_root}`}><Icon name="verified" small />{t("file.verified")}</span>
      )}
      {file.retention.mode !== "keep" && <span class="verified" title={t("file.passing")}><Icon name="clock" small /></span>}
    </>
  );
}
