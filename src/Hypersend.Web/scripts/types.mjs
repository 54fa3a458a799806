// Makes src/core/api/types.ts from docs/openapi.json: an interface for each schema, nothing else. With --check it only
// says whether the file is what it would write. Ours rather than a package's: the known generators are built on a
// TypeScript whose programmable compiler version 7 no longer has.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(web, "src/core/api/types.ts");
const words = { string: "string", integer: "number", number: "number", boolean: "boolean", null: "null" };

function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  const either = schema.oneOf ?? schema.anyOf;
  if (either) return unionOf(either.map(typeOf));
  if (schema.enum) return unionOf(schema.enum.map((value) => JSON.stringify(value)));
  return unionOf([schema.type ?? "unknown"].flat().map((kind) => plainType(kind, schema)));
}

function plainType(kind, schema) {
  if (words[kind]) return words[kind];
  if (kind === "array") {
    const item = typeOf(schema.items ?? {});
    return item.includes(" ") ? `(${item})[]` : `${item}[]`;
  }
  if (kind === "object") return `Record<string, ${typeOf(typeof schema.additionalProperties === "object" ? schema.additionalProperties : {})}>`;
  return "unknown";
}

/** `null` last, as people write it. */
function unionOf(types) {
  const several = [...new Set(types)];
  return [...several.filter((type) => type !== "null"), ...several.filter((type) => type === "null")].join(" | ");
}

const comment = (text, indent) => (text ? [`${indent}/** ${text.replaceAll("*/", "*\\/").replace(/\s+/g, " ")} */`] : []);

function declarationOf([name, schema]) {
  if (!schema.properties) return [...comment(schema.description, ""), `export type ${name} = ${typeOf(schema)};`, ""];
  const needed = new Set(schema.required);
  const fields = Object.entries(schema.properties).flatMap(([field, type]) => [
    ...comment(type.description, "  "),
    `  ${field}${needed.has(field) ? "" : "?"}: ${typeOf(type)};`,
  ]);
  return [...comment(schema.description, ""), `export interface ${name} {`, ...fields, "}", ""];
}

const { components } = JSON.parse(readFileSync(join(web, "../../docs/openapi.json"), "utf8"));
const text = [
  "// Generated from docs/openapi.json by `npm run types`; not for editing.",
  "",
  ...Object.entries(components.schemas).flatMap(declarationOf),
].join("\n");

if (!process.argv.includes("--check")) {
  writeFileSync(target, text);
} else if (readFileSync(target, "utf8") !== text) {
  console.error("src/core/api/types.ts is not what docs/openapi.json says: run `npm run types` and commit the result.");
  process.exitCode = 1;
}
