/** pdf.js reads and lays out in here, beside the page. */
import "pdfjs-dist/legacy/build/pdf.worker.min.mjs";
