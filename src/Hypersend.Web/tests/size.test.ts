import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build, type Manifest } from "vite";

/** What the network carries: the brotli file where there is one. */
describe("the size of the built app", () => {
  let folder: string;
  let manifest: Manifest;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "hypersend-web-"));
    await build({ logLevel: "error", build: { outDir: folder, manifest: true } });
    manifest = JSON.parse(readFileSync(join(folder, ".vite/manifest.json"), "utf8")) as Manifest;
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const sent = (name: string): number => {
    const file = join(folder, name);
    return Math.min(statSync(file).size, statSync(`${file}.br`, { throwIfNoEntry: false })?.size ?? Infinity);
  };
  const sum = (names: Iterable<string>): number => [...names].reduce((total, name) => total + sent(name), 0);

  /** A module's files and those of everything it imports, as far as that happens without being asked for later. */
  function filesOf(...modules: string[]): Set<string> {
    const files = new Set<string>();
    const seen = new Set<string>();
    const walk = (name: string): void => {
      if (seen.has(name)) return;
      seen.add(name);
      const chunk = manifest[name];
      expect(chunk, `${name} is in the build`).toBeDefined();
      files.add(chunk!.file);
      for (const style of chunk!.css ?? []) files.add(style);
      for (const next of chunk!.imports ?? []) walk(next);
    };
    modules.forEach(walk);
    return files;
  }
  // What everybody loads who is signed in, before the first chat is on the screen; it has a budget of its own.
  const shellParts = ["src/features/shell/entry.ts"];
  const catalogues = (): string[] => Object.keys(manifest).filter((name) => name.startsWith("src/catalogues/"));
  const largestCatalogue = (): number => Math.max(...catalogues().map((name) => sent(manifest[name]!.file)));
  const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;
  const js = (names: Iterable<string>): string[] => [...names].filter((name) => name.endsWith(".js"));
  const css = (names: Iterable<string>): string[] => [...names].filter((name) => name.endsWith(".css"));

  it("lets the login page in for 60 KB, with the largest catalogue", () => {
    expect(catalogues()).toHaveLength(15);
    const page = filesOf("index.html", "src/features/accounts/entry.ts");
    const total = sum(["index.html", "boot.js", "icon.svg", "manifest.webmanifest", ...page]) + largestCatalogue();
    console.log(`login, all in: ${kib(total)}`);
    expect(total).toBeLessThanOrEqual(60_000);
  });

  it("shows chats for 150 KB of scripts and 25 KB of styles, the largest catalogue included", () => {
    // Whatever is loaded before the first chat is on the screen.
    const shell = filesOf("index.html", ...shellParts);
    const [scripts, styles] = [sum(["boot.js", ...js(shell)]) + largestCatalogue(), sum(css(shell))];
    console.log(`chat shell: ${kib(scripts)} of scripts, ${kib(styles)} of styles`);
    expect(scripts).toBeLessThanOrEqual(150_000);
    expect(styles).toBeLessThanOrEqual(25_000);
  });

  it("asks for no more than 60 KB at any other moment", () => {
    const shell = filesOf("index.html", ...shellParts);
    const large = Object.entries(manifest)
      .filter(([name, chunk]) => chunk.isDynamicEntry && !name.startsWith("src/catalogues/") && !name.startsWith("src/vendor/") && !shellParts.includes(name))
      .map(([name]) => [name, sum([...filesOf(name)].filter((file) => !shell.has(file)))] as const)
      .filter(([, size]) => size > 60_000);
    expect(large).toEqual([]);
  });

  it("shows documents by pdf.js, which is large, comes only when one is opened, and is not kept before that", () => {
    const reader = manifest["src/vendor/pdf.ts"]!.file;
    const worker = readdirSync(join(folder, "assets")).find((name) => /^pdfWorker-.*\.js$/.test(name))!;
    console.log(`documents: ${kib(sent(reader))} and a worker of ${kib(sent(`assets/${worker}`))}`);
    expect([sent(reader) <= 150_000, sent(`assets/${worker}`) <= 350_000]).toEqual([true, true]);
    const script = readFileSync(join(folder, "sw.js"), "utf8");
    const fonts = readdirSync(join(folder, "assets")).filter((name) => /\.(pfb|ttf)$/.test(name));
    expect(fonts).toHaveLength(14);
    for (const name of [reader, worker, ...fonts]) expect(script).not.toContain(name);
    expect(script).not.toContain("LICENSE_");
  });

  it("has a service worker in one file that knows every part of the app", () => {
    const worker = readFileSync(join(folder, "sw.js"), "utf8");
    expect(worker).not.toMatch(/\bimport\s*[({"']|importScripts/);
    for (const file of filesOf("index.html", "src/features/accounts/entry.ts")) expect(worker).toContain(`/${file}`);
    expect(worker).toContain("/manifest.webmanifest");
    expect(worker).not.toMatch(/\.br"|\.vite/);
  });

  it("has nothing in the page that the content security policy forbids", () => {
    const page = readFileSync(join(folder, "index.html"), "utf8");
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|<script>/);
  });
});
