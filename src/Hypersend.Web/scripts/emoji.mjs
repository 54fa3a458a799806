// Writes src/emoji/<language>.json, the words by which each emoji of the picker is found in that language, from the names that the
// Unicode consortium collects (CLDR): node scripts/emoji.mjs <folder of the npm package cldr-annotations-full>. Run by hand when the
// picker's list grows; the package is far too large to be a dependency.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { languages } from "./check-catalogues.mjs";

const web = join(dirname(fileURLToPath(import.meta.url)), "..");
const names = process.argv[2];
if (!names) throw new Error("Say where cldr-annotations-full lies.");
const mostWords = 6;

const source = readFileSync(join(web, "src/features/messages/emojis.ts"), "utf8");
const signs = [...source.matchAll(/^\s+"(.+)",$/gm)].flatMap(([, group]) => group.split("|").map((entry) => entry.split(" ")[0]));
mkdirSync(join(web, "src/emoji"), { recursive: true });
for (const code of Object.keys(languages)) {
  // English words stand in the list itself; Bhojpuri, of which nobody collects any, reads Hindi's.
  if (code === "en" || code === "bho") continue;
  const { annotations } = JSON.parse(readFileSync(join(names, `annotations/${code}/annotations.json`), "utf8")).annotations;
  const entries = signs.flatMap((sign) => {
    const known = annotations[sign] ?? annotations[sign.replaceAll("\uFE0F", "")];
    if (!known?.tts) return [];
    const words = known.default.filter((word) => !word.includes("|") && word !== known.tts[0]).slice(0, mostWords);
    return [[sign, known.tts[0], ...words].join("|")];
  });
  writeFileSync(join(web, `src/emoji/${code}.json`), `${JSON.stringify(entries, null, 0).replaceAll('","', '",\n"')}\n`);
  console.log(`${code}: ${entries.length} of ${signs.length}`);
}
