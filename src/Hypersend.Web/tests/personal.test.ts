import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { forgetPerson, onLeaving, personal } from "../src/personal";

/** What a module may hold from one person to the next, and why. */
const ofNobody: Readonly<Record<string, string>> = {
  "app.ts server": "the server's card",
  "app.ts serverError": "why there is none",
  "app.ts mySettings": "the shell empties it when nobody is signed in",
  "features/messages/emojiNames.ts emojiNames": "words of a language",
  "features/shell/appWorker.ts appWorker": "the browser's",
  "features/shell/preferences.ts sendsOnEnter": "of the device",
  "formats.ts made": "words of a language",
  "kept.ts ahead": "belongs to the account it names",
  "look.ts look": "of the device",
  "talk.ts messenger": "the home ends it",
  "time.ts beat": "the time",
  "ui/Toast.tsx standing": "a newer version of the app",
  "ui/Toast.tsx timer": "a clock",
  "ui/iconNames.ts turning": "names of icons",
  "ui/overlay.ts leaving": "of the history, whose entries outlive the person",
  "ui/overlay.ts open": "of the history, whose entries outlive the person",
  "ui/overlay.ts returning": "of the history, whose entries outlive the person",
  "ui/overlay.ts serial": "a count",
  "ui/router.ts path": "the address",
  "vendor/pdfFonts.ts places": "where the fonts lie",
};

it("holds nothing of one person that the next would see", () => {
  const kept: string[] = [];
  let personalOnes = 0;
  for (const file of (readdirSync("src", { recursive: true }) as string[]).filter((name) => /\.tsx?$/.test(name)).sort()) {
    const text = readFileSync(join("src", file), "utf8");
    personalOnes += text.match(/^(export )?const \w+ = personal[<(]/gm)?.length ?? 0;
    const leaving = text.match(/^onLeaving\([\s\S]*?\n(?=\S|$)/gm)?.join() ?? "";
    // At the edge of a line stands what lives as long as the page.
    for (const [, changing, filled] of text.matchAll(/^(?:export )?(?:let (\w+)|const (\w+)(?::[^=\n]*)? = (?:(?:signal|new (?:Weak)?(?:Map|Set))\b|\[\]))/gm)) {
      const name = changing ?? filled;
      if (!new RegExp(`\\b${name}\\b`).test(leaving)) kept.push(`${file.replaceAll("\\", "/")} ${name}`);
    }
  }
  expect(personalOnes).toBeGreaterThan(5);
  expect(kept.filter((one) => !one.startsWith("core/")).sort()).toEqual(Object.keys(ofNobody).sort());
});

it("is empty again when the person has left", () => {
  const words = personal("");
  const people = new Set(["ana"]);
  onLeaving(() => people.clear());
  words.value = "of ana";
  forgetPerson();
  expect([words.value, people.size]).toEqual(["", 0]);
});
