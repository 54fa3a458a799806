import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

/** A sheet that came with one screen stays for the next: what two of them call by one name gets both looks. */
it("names no class in two sheets", () => {
  const sheets = (readdirSync("src", { recursive: true }) as string[]).filter((name) => name.endsWith(".css"));
  expect(sheets.length).toBeGreaterThan(5);
  const homes = new Map<string, Set<string>>();
  for (const sheet of sheets) {
    const text = readFileSync(join("src", sheet), "utf8").replace(/\/\*.*?\*\//gs, "");
    // A selector that is this class alone says how the thing looks; others only add to it where they are.
    for (const [, list] of text.matchAll(/(?:^|[{}])\s*([^{}@]+)\{/g))
      for (const selector of list!.split(","))
        if (/^\s*\.[\w-]+\s*$/.test(selector)) homes.set(selector.trim(), (homes.get(selector.trim()) ?? new Set()).add(sheet));
  }
  expect(homes.size).toBeGreaterThan(100);
  expect([...homes].filter(([, found]) => found.size > 1).map(([name, found]) => `${name}: ${[...found].join(", ")}`)).toEqual([]);
});
