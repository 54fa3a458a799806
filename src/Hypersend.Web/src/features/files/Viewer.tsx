import { useEffect, useRef, useState } from "preact/hooks";
import { errorText, t } from "../../app";
import type { SharedFile } from "../../core/api/types";
import { inlineUrl } from "../../core/files";
import { download } from "../../files";
import { plainText } from "../../core/richText";
import { bytes, clock, dayName } from "../../formats";
import { IconButton } from "../../ui/Button";
import { FactLine } from "../../ui/FactLine";
import { useBackClose } from "../../ui/overlay";
import { Message, Waiting } from "../../ui/Screen";
import { useLoaded } from "../../ui/useLoaded";
import { nameOf } from "../messages/words";
import { kindOf, viewing, type Viewing } from "./viewer";
import { PdfPages } from "./PdfPages";
import { ZoomPicture } from "./ZoomPicture";

/** The light box: the page goes dark, the thing is in front; arrows and swipes leaf through. */
export function Viewer({ files, at, messages }: Viewing) {
  const ref = useRef<HTMLDialogElement>(null);
  const start = useRef<{ x: number; y: number } | null>(null);
  const close = (): void => {
    viewing.value = null;
  };
  useBackClose(close);
  useEffect(() => {
    const opener = document.activeElement;
    ref.current?.showModal();
    return () => {
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  const file = files[at]!;
  const message = messages?.get(file.id);
  const size = bytes(file.size ?? 0);
  const facts = [message ? `${dayName(message.created_at)}, ${clock(message.created_at)}` : "", size, files.length > 1 ? t("transfer.of", { done: at + 1, size: files.length }) : ""];
  const turn = (step: number): void => {
    if (files[at + step]) viewing.value = { files, at: at + step, ...(messages ? { messages } : {}) };
  };
  const rtl = document.documentElement.dir === "rtl";
  return (
    <dialog
      ref={ref}
      class="viewer"
      aria-label={file.filename}
      onClose={close}
      onKeyDown={(event) => {
        if ((event.target as Element).closest("video, input, pre, .viewer-pages")) return;
        if (event.key === "ArrowRight") turn(rtl ? -1 : 1);
        if (event.key === "ArrowLeft") turn(rtl ? 1 : -1);
      }}
      onTouchStart={(event) => {
        const touch = event.touches[0];
        start.current = touch && event.touches.length === 1 ? { x: touch.clientX, y: touch.clientY } : null;
      }}
      onTouchEnd={(event) => {
        const touch = event.changedTouches[0];
        const from = start.current;
        start.current = null;
        if (!touch || !from || ref.current?.querySelector("[data-zoomed]")) return;
        const x = touch.clientX - from.x;
        const y = touch.clientY - from.y;
        if (Math.abs(x) > 60 && Math.abs(x) > Math.abs(y) * 1.5) turn((x < 0 ? 1 : -1) * (rtl ? -1 : 1));
        else if (y > 100 && y > Math.abs(x) * 1.5) close();
      }}
    >
      <header class="viewer-bar">
        <IconButton icon="close" label={t("action.close")} onClick={close} />
        <span class="grow stack">
          <span class="one-line" dir="auto">{message ? nameOf(message.sender) : file.filename}</span>
          <span class="small viewer-soft"><FactLine facts={facts} /></span>
        </span>
        <IconButton icon="download" label={t("action.download")} onClick={() => void download(file.id, file.filename)} />
      </header>
      <div
        class="viewer-stage"
        onClick={(event) => {
          if (event.target === event.currentTarget) close();
        }}
      >
        <Stage key={file.id} file={file} />
      </div>
      {message?.content && <p class="viewer-caption" dir="auto">{plainText(message.content)}</p>}
      {files.length > 1 && (
        <>
          <span class="viewer-turn start" hidden={at === 0}><IconButton icon="previous" label={t("viewer.previous")} onClick={() => turn(-1)} /></span>
          <span class="viewer-turn end" hidden={at === files.length - 1}><IconButton icon="next" label={t("viewer.next")} onClick={() => turn(1)} /></span>
        </>
      )}
    </dialog>
  );
}

function Stage({ file }: { file: SharedFile }) {
  const [failed, setFailed] = useState(false);
  // A line that breaks in the middle of a film leaves it where it is.
  const refused = ({ currentTarget }: Event): void => {
    if ((currentTarget as HTMLVideoElement).error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED) setFailed(true);
  };
  if (failed) return <Message inner title={t("viewer.bad")} action={t("action.download")} onAction={() => void download(file.id, file.filename)} />;
  switch (kindOf(file)) {
    case "image":
      return <ZoomPicture source={inlineUrl(file.id)} small={file.thumbnail_url ?? null} name={file.filename} onFail={() => setFailed(true)} />;
    case "video":
      // Plain HTTP ranges: the browser seeks in forty gigabytes as in four.
      return <video class="viewer-media" src={inlineUrl(file.id)} poster={file.thumbnail_url ?? undefined} controls autoPlay playsInline onError={refused} />;
    case "pdf":
      return <PdfPages file={file} />;
    case "text":
      return <TextPage file={file} />;
    default:
      return null;
  }
}

function TextPage({ file }: { file: SharedFile }) {
  const [loaded, { reload }] = useLoaded(async () => {
    const response = await fetch(inlineUrl(file.id), { credentials: "same-origin" });
    if (!response.ok) throw new Error(`${response.status}`);
    return response.text();
  });
  if (loaded.state === "loading") return <Waiting inner />;
  if (loaded.state === "failed") return <Message inner title={errorText(loaded.error)} action={t("action.retry")} onAction={reload} />;
  return <pre class="viewer-page text" dir="auto" tabIndex={0}>{loaded.value}</pre>;
}
