// Is every catalogue whole, in its own script and really translated? Run alone (`npm run catalogues`) or by the tests.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../src/catalogues");

/** Language -> the script its texts are written in, and whose plural rules it follows where not its own. */
export const languages = {
  en: { script: "Latin" },
  hi: { script: "Devanagari" },
  te: { script: "Telugu" },
  ta: { script: "Tamil" },
  mr: { script: "Devanagari" },
  pa: { script: "Gurmukhi" },
  gu: { script: "Gujarati" },
  bho: { script: "Devanagari", plurals: "hi" },
  bn: { script: "Bengali" },
  ur: { script: "Arabic" },
  ar: { script: "Arabic" },
  fr: { script: "Latin" },
  de: { script: "Latin" },
  ja: { script: "Japanese" },
  zh: { script: "Han" },
};

const inScript = {
  Japanese: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
};
const patternOf = (script) => inScript[script] ?? new RegExp(`\\p{Script=${script}}`, "u");

/** Texts that may be the same as in English, and those that are only names and placeholders. */
const sameAllowed = new Set([]);
const scriptless = new Set(["devices.name"]);

/** Forms of these numbers are often said without writing the number ("two devices"). */
const numberInWords = new Set(["zero", "one", "two"]);

export function faultsOf(code, catalogue, english) {
  const faults = [];
  const { script, plurals = code } = languages[code];
  const forms = new Intl.PluralRules(plurals).resolvedOptions().pluralCategories;
  const own = patternOf(script);
  let same = 0;

  for (const key of Object.keys(catalogue)) if (!(key in english)) faults.push(`${key}: unknown key`);
  for (const [key, original] of Object.entries(english)) {
    const entry = catalogue[key];
    if (entry === undefined) {
      faults.push(`${key}: missing`);
      continue;
    }
    if (typeof entry !== typeof original) {
      faults.push(`${key}: ${typeof original === "string" ? "must be one text" : "must have plural forms"}`);
      continue;
    }
    if (typeof entry !== "string") {
      for (const form of forms) if (!(form in entry)) faults.push(`${key}: plural form '${form}' is missing`);
      for (const form of Object.keys(entry)) if (!forms.includes(form)) faults.push(`${key}: '${form}' is no plural form here`);
    }
    const wanted = placeholders(typeof original === "string" ? original : original.other);
    for (const [form, text] of Object.entries(typeof entry === "string" ? { "": entry } : entry)) {
      const where = form ? `${key}.${form}` : key;
      if (!text.trim()) faults.push(`${where}: empty`);
      const found = placeholders(text);
      for (const name of wanted) {
        if (!found.has(name) && !(name === "count" && numberInWords.has(form))) faults.push(`${where}: {${name}} is missing`);
      }
      for (const name of found) if (!wanted.has(name)) faults.push(`${where}: {${name}} is unknown`);
      if (!own.test(text) && !scriptless.has(key)) faults.push(`${where}: nothing in it is ${script}`);
      const foreign = foreignLetter(text, script, own);
      if (foreign) faults.push(`${where}: '${foreign}' is not ${script}`);
    }
    if (JSON.stringify(entry) === JSON.stringify(original) && !sameAllowed.has(key) && !scriptless.has(key)) same++;
  }

  const share = same / Object.keys(english).length;
  if (code !== "en" && share > 0.03) faults.push(`${Math.round(share * 100)} % of the texts equal the English (at most 3 %)`);
  return faults;
}

function placeholders(text) {
  return new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]));
}

/** A letter of another script. Latin is let through: names, "E-mail", and the placeholders themselves. */
function foreignLetter(text, script, own) {
  for (const letter of text.match(/\p{L}/gu) ?? []) {
    if (own.test(letter) || /[\p{Script=Latin}\p{Script=Common}]/u.test(letter)) continue;
    return letter;
  }
  return script === "Latin" ? "" : undefined;
}

export function read(code) {
  const file = join(folder, `${code}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const english = read("en");
  let failed = 0;
  for (const code of Object.keys(languages)) {
    const faults = faultsOf(code, read(code), english);
    for (const fault of faults) console.error(`${code}: ${fault}`);
    failed += faults.length;
  }
  console.log(failed ? `${failed} faults in the catalogues` : `${Object.keys(languages).length} catalogues, ${Object.keys(english).length} texts each, no fault`);
  process.exitCode = failed ? 1 : 0;
}
