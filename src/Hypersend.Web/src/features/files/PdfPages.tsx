import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../app";
import type { SharedFile } from "../../core/api/types";
import { inlineUrl } from "../../core/files";
import { download } from "../../files";
import { Message, Waiting } from "../../ui/Screen";
import { openPdf, type OpenPdf } from "./openPdf";

/** A document below another page: each is drawn when it comes near, and its room is there before. */
export function PdfPages({ file }: { file: SharedFile }) {
  const [pdf, setPdf] = useState<OpenPdf | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let open: OpenPdf | null = null;
    let gone = false;
    openPdf(inlineUrl(file.id)).then(
      (opened) => {
        if (gone) return opened.close();
        open = opened;
        setPdf(opened);
      },
      () => !gone && setFailed(true),
    );
    return () => {
      gone = true;
      open?.close();
    };
  }, [file.id]);
  if (failed) return <Message inner title={t("pdf.bad")} action={t("action.download")} onAction={() => void download(file.id, file.filename)} />;
  if (!pdf) return <Waiting inner />;
  return (
    <div class="viewer-pages" tabIndex={0} role="document" aria-label={file.filename}>
      {Array.from({ length: pdf.pages }, (_, n) => <Page key={n} pdf={pdf} number={n + 1} onFail={() => setFailed(true)} />)}
    </div>
  );
}

function Page({ pdf, number, onFail }: { pdf: OpenPdf; number: number; onFail: () => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [words, setWords] = useState<string | null>(null);
  useEffect(() => {
    let drawn = false;
    let current = true;
    const watch = new IntersectionObserver(
      ([entry]) => {
        if (!entry?.isIntersecting || drawn) return;
        drawn = true;
        pdf.draw(number, canvas.current!).then((text) => current && setWords(text), () => current && onFail());
      },
      { rootMargin: "100% 0px" },
    );
    watch.observe(canvas.current!);
    return () => {
      current = false;
      watch.disconnect();
    };
  }, [pdf, number]);
  return (
    <section class="viewer-sheet" aria-label={t("pdf.page", { page: number, count: pdf.pages })} data-drawn={words === null ? undefined : ""}>
      <canvas ref={canvas} dir="ltr" aria-hidden="true" style={{ aspectRatio: `1 / ${pdf.ratio}` }} />
      <p class="unseen" dir="auto">{words}</p>
    </section>
  );
}
