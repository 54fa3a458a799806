// The least that an app with Preact can be: a page that shows one word. What our own start is measured beside.
import { createServer } from "node:http";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "vite";

export async function serveEmptyPage() {
  const web = join(dirname(fileURLToPath(import.meta.url)), "..");
  const source = mkdtempSync(join(tmpdir(), "hypersend-empty-"));
  const built = join(source, "built");
  const preact = join(web, "node_modules/preact/dist/preact.module.js");
  writeFileSync(join(source, "index.html"), '<!doctype html><html lang="en"><meta charset="utf-8"><title>Empty</title><div id="app"></div><script type="module" src="/main.js"></script></html>');
  writeFileSync(join(source, "main.js"), `import { h, render } from ${JSON.stringify(preact)};\nrender(h("main", null, "Hello"), document.getElementById("app"));\n`);
  await build({ root: source, configFile: false, logLevel: "warn", build: { outDir: built, modulePreload: { polyfill: false }, reportCompressedSize: false } });
  const files = new Map(readdirSync(built, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name)).map((path) => [path.slice(built.length), brotliCompressSync(readFileSync(path))]));
  const server = createServer((request, response) => {
    const name = request.url === "/" ? "/index.html" : request.url;
    const bytes = files.get(name);
    response.writeHead(bytes ? 200 : 404, {
      "Content-Type": name.endsWith(".js") ? "text/javascript" : "text/html", "Content-Encoding": "br", "Cache-Control": name.endsWith(".js") ? "max-age=31536000, immutable" : "no-cache",
    });
    response.end(bytes);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.close();
      rmSync(source, { recursive: true, force: true });
    },
  };
}
