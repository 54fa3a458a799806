/** The one door to pdf.js: a chunk of its own, fetched when the first PDF is opened, and kept out of what the app starts with. */
export { getDocument, GlobalWorkerOptions } from "pdfjs-dist/legacy/build/pdf.mjs";
export { StandardFonts } from "./pdfFonts";
export type { PDFDocumentProxy, PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
