/** Of pdf.js's own package: the fonts that every document may use without bringing them. Each is fetched when a document first asks for it. */
const files = import.meta.glob<string>("../../node_modules/pdfjs-dist/standard_fonts/*", { query: "?url", import: "default", eager: true });

const places = new Map(Object.entries(files).map(([path, url]) => [path.slice(path.lastIndexOf("/") + 1), url]));

/** What pdf.js makes for itself when a document is opened, and asks for data that is not in the document. */
export class StandardFonts {
  async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    const url = kind === "standardFontDataUrl" ? places.get(filename) : undefined;
    if (!url) throw new Error(`Not shipped: ${filename}`);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${filename}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}
