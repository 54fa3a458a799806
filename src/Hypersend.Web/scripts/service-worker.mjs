// Builds /sw.js after the app: one file without imports, into which is written what the app consists of and the words of
// notifications in every language.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const web = join(dirname(fileURLToPath(import.meta.url)), "..");
const catalogues = join(web, "src/catalogues");
const languages = readdirSync(catalogues).map((name) => name.replace(/\.json$/, ""));

/** Everything a start without a network needs; other languages are kept when they are chosen. */
function filesOf(folder) {
  const catalogue = new RegExp(`^assets/(${languages.join("|")})-[\\w-]+\\.js$`);
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
  return names
    // The viewer of documents and its fonts weigh more than all the rest: they are kept from their first use on.
    .filter((name) => !/^assets\/(pdf|pdfWorker|Foxit\w+|Liberation[\w-]+|LICENSE_\w+)-/.test(name))
    .filter((name) => !/\.(br|map)$|^sw\.js|^\./.test(name) && (!catalogue.test(name) || name.startsWith("assets/en-")))
    .sort();
}

function wordsOf(code) {
  const all = JSON.parse(readFileSync(join(catalogues, `${code}.json`), "utf8"));
  return Object.fromEntries(Object.entries(all).filter(([key]) => key.startsWith("push.")));
}

export async function buildServiceWorker(folder) {
  const names = filesOf(folder);
  const version = createHash("sha256");
  for (const name of names) version.update(`${name}\0`).update(readFileSync(join(folder, name)));
  const shell = {
    version: version.digest("hex").slice(0, 16),
    name: "Hypersend",
    files: names.map((name) => (name === "index.html" ? "/" : `/${name}`)),
    words: Object.fromEntries(languages.map((code) => [code, wordsOf(code)])),
  };
  await build({
    root: web,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    define: { __SHELL__: JSON.stringify(shell) },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: "es2022",
      reportCompressedSize: false,
      rollupOptions: { input: join(web, "src/sw/sw.ts"), output: { format: "iife", entryFileNames: "sw.js" } },
    },
  });
}
