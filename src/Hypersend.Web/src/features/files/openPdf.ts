import type { PDFDocumentProxy } from "../../vendor/pdf";

export interface OpenPdf {
  readonly pages: number;
  /** Height over width of the first page: what the others have until they are drawn. */
  readonly ratio: number;
  /** Draws a page as wide as the canvas is on the screen; what it says comes back. */
  draw(page: number, canvas: HTMLCanvasElement): Promise<string>;
  close(): void;
}

/** Reads by ranges, so that the first page of a large document is there before the rest. */
export async function openPdf(url: string): Promise<OpenPdf> {
  const { getDocument, GlobalWorkerOptions, StandardFonts } = await import("../../vendor/pdf");
  GlobalWorkerOptions.workerPort ??= new Worker(new URL("../../workers/pdfWorker.ts", import.meta.url), { type: "module" });
  // No script of a document runs, no form is filled in, and what the policy of the page forbids is not tried.
  const task = getDocument({
    url, isEvalSupported: false, useWasm: false, enableXfa: false, disableAutoFetch: true, verbosity: 0,
    // Ours rather than the system's: a phone has none of the fonts that documents take for granted, and would set them in others.
    useSystemFonts: false, BinaryDataFactory: StandardFonts,
  });
  const pdf: PDFDocumentProxy = await task.promise;
  const first = (await pdf.getPage(1)).getViewport({ scale: 1 });
  return {
    pages: pdf.numPages,
    ratio: first.height / first.width,
    async draw(number, canvas) {
      const page = await pdf.getPage(number);
      const plain = page.getViewport({ scale: 1 });
      const width = canvas.clientWidth * Math.min(2, devicePixelRatio);
      const viewport = page.getViewport({ scale: width / plain.width });
      canvas.width = Math.round(viewport.width);
      canvas.height = Math.round(viewport.height);
      await page.render({ canvas, viewport }).promise;
      const { items } = await page.getTextContent();
      return items.map((item) => ("str" in item ? item.str : "")).join(" ");
    },
    close: () => void task.destroy(),
  };
}
