import { describe, expect, it } from "vitest";
import { inGiga, ofGiga } from "../src/features/admin/giga";

describe("a limit in gigabytes", () => {
  it("is read as people of each language write it", () => {
    expect(["2", " 0,5 ", "1.25", "١٢", "१०", "৪০", "௧௨", "０", "۰٫۵"].map(ofGiga)).toEqual([2e9, 5e8, 1.25e9, 12e9, 10e9, 40e9, 12e9, 0, 5e8]);
  });

  it("may be left out, or be none", () => {
    expect([ofGiga(""), ofGiga("  "), ofGiga("0")]).toEqual([0, 0, 0]);
  });

  it("is refused where it is no number, or one that no server could keep", () => {
    for (const written of ["abc", "-1", "1 000", "1.2.3", ".", "1e5", "0x10", "Infinity", "NaN", "𝟙", "99999999999999"]) expect([written, ofGiga(written)]).toEqual([written, null]);
  });

  it("comes back as it was", () => {
    for (const bytes of [0, 1, 1e6, 123_456_789, 4e10]) expect(ofGiga(inGiga(bytes))).toBe(bytes);
  });
});
