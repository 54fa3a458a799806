import { describe, expect, it } from "vitest";
import { faultsOf, languages, read } from "../scripts/check-catalogues.mjs";
import { languages as offered } from "../src/core/languages";

const english = read("en");

describe("the catalogues", () => {
  it("are those of the languages on offer", () => {
    expect(Object.keys(languages)).toEqual(offered.map((language) => language.code));
  });

  it.each(Object.keys(languages))("%s is whole and really translated", (code) => {
    expect(faultsOf(code, read(code), english)).toEqual([]);
  });
});

describe("the check of the catalogues", () => {
  const original = { title: "Log in to {server}", count: { one: "{count} file", other: "{count} files" } };
  const check = (catalogue: Record<string, string | Record<string, string>>, code = "fr"): string =>
    faultsOf(code, catalogue, original).join("\n");
  const count = { one: "{count} fichier", many: "{count} de fichiers", other: "{count} fichiers" };

  it("accepts a whole one", () => {
    expect(check({ title: "Connexion à {server}", count })).toBe("");
  });
  it("finds a missing key", () => {
    expect(check({ count })).toContain("title: missing");
  });
  it("finds a missing plural form", () => {
    expect(check({ title: "À {server}", count: { one: "{count} a", other: "{count} b" } })).toContain("'many' is missing");
  });
  it("asks Bhojpuri for Hindi's forms", () => {
    expect(check({ title: "{server} में", count: { other: "{count} फाइल" } }, "bho")).toContain("'one' is missing");
  });
  it("finds a missing placeholder", () => {
    expect(check({ title: "Connexion", count })).toContain("{server} is missing");
  });
  it("finds texts left in English", () => {
    expect(check({ title: original.title, count })).toContain("equal the English");
  });
  it("finds another script", () => {
    expect(check({ title: "Вход в {server}", count })).toContain("is not Latin");
  });
});
