import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { read } from "../scripts/check-catalogues.mjs";
import { errorText } from "../src/core/errorText";
import type { I18n } from "../src/core/i18n";
import { Problem } from "../src/core/problem";

/** What no person meets in this app: mistakes of a program, other clients' protocols, and what a screen answers by itself. */
const notForPeople: ReadonlySet<string> = new Set([
  "malformed_body", "malformed_request", "malformed_frame", "unknown_frame", "method_not_allowed", "upgrade_required", "invalid_cursor",
  "invalid_url", "cross_site", "precondition_failed", "range_not_satisfiable", "chunk_out_of_range", "chunk_superseded",
  "tus_version", "offset_mismatch", "unknown_checksum", "upload_checksum_mismatch", "upload_joined", "parts_unfinished",
  "no_release", "totp_required", "link_password",
]);

const contract = readFileSync(new URL("../../Hypersend.Contracts/Errors/ErrorCodes.cs", import.meta.url), "utf8");
const codes = [...contract.matchAll(/public const string \w+ = "(\w+)";/g)].map((match) => match[1]!);
const english: Readonly<Record<string, unknown>> = read("en");
const i18n = { has: (key: string) => key in english, t: (key: string) => key } as unknown as I18n;
const said = (code: string): string => errorText(i18n, new Problem(409, code, { detail: "The server's words." }));

describe("the codes of the contract", () => {
  it("are found", () => expect(codes.length).toBeGreaterThan(80));

  it.each(codes.filter((code) => !notForPeople.has(code)))("%s has words of the catalogue", (code) => {
    expect(said(code)).toMatch(/^error\./);
  });

  it("that no person meets are codes, and have no words", () => {
    for (const code of notForPeople) {
      expect(codes).toContain(code);
      expect(said(code)).toBe("The server's words.");
    }
  });
});
