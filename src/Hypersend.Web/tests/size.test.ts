import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build } from "vite";

/** What the network carries: the brotli file where there is one. */
describe("the size of the built app", () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "hypersend-web-"));
    await build({ logLevel: "error", build: { outDir: folder } });
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const sent = (name: string): number => {
    const file = join(folder, name);
    return Math.min(statSync(file).size, statSync(`${file}.br`, { throwIfNoEntry: false })?.size ?? Infinity);
  };
  const assets = (pattern: RegExp): string[] =>
    readdirSync(join(folder, "assets")).filter((name) => pattern.test(name)).map((name) => `assets/${name}`);

  it("lets the login page in for 60 KB, with the largest catalogue", () => {
    const catalogues = assets(/^(hi|te|ta|mr|pa|gu|bho|bn|ur|ar|fr|de|ja|zh|en)-[\w-]+\.js$/);
    expect(catalogues).toHaveLength(15);
    const own = assets(/^own-.*\.(js|css)$/);
    const parts = ["index.html", "boot.js", "icon.svg", "manifest.webmanifest", ...assets(/\.(js|css)$/)]
      .filter((name) => !catalogues.includes(name) && !own.includes(name));
    const total = parts.reduce((sum, name) => sum + sent(name), 0) + Math.max(...catalogues.map(sent));
    console.log(`login, all in: ${(total / 1024).toFixed(1)} KiB; your account: ${(own.reduce((sum, name) => sum + sent(name), 0) / 1024).toFixed(1)} KiB`);
    expect(total).toBeLessThanOrEqual(60_000);
  });

  it("has nothing in the page that the content security policy forbids", () => {
    const page = readFileSync(join(folder, "index.html"), "utf8");
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|<script>/);
  });
});
