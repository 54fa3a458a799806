import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { qrOf } from "../src/core/qr";

const shown = (text: string): string => qrOf(text)!.map((row) => [...row].join("")).join("\n");
const digest = (text: string): string => createHash("sha256").update(shown(text)).digest("hex");

describe("a QR code", () => {
  it("is the square that libqrencode makes", () => {
    expect(shown("A").split("\n")).toEqual([
      "111111101101001111111",
      "100000100110001000001",
      "101110100111101011101",
      "101110101110001011101",
      "101110101110101011101",
      "100000101111001000001",
      "111111101010101111111",
      "000000001011100000000",
      "100010111001011111001",
      "001010001001100101011",
      "111101100011001111100",
      "111000010100011010110",
      "111011111000111000111",
      "000000001010111000111",
      "111111101100110000010",
      "100000100111100101010",
      "101110101111001111111",
      "101110100101100101011",
      "101110100001001111100",
      "100000100100011010100",
      "111111101010111000101",
    ]);
    // Squares of the versions 5, 13 and 15, as `qrencode -8 -l M` writes them.
    expect(digest("otpauth://totp/Hypersend:ana?secret=JBSWY3DPEHPK3PXP&issuer=Hypersend")).toBe("4a1f4469d39ff2b0c849b8b4855caf0a60332765d6d892318318d51bc40b09ce");
    expect(digest("x".repeat(300))).toBe("a6c4c99a50e77d18b6ddfdcbd85fffbd3b4da81e4eabc96b030a3f559d2b7fbb");
    expect(digest("y".repeat(412))).toBe("0b1aad4d28c99084bb4591f066913c678a6c5bedeec889ebccb6d68be38e4c39");
  });

  it("takes any letters, and is as large as they need", () => {
    expect(qrOf("ключ 🔑 مفتاح")!.length).toBe(25);
    expect([qrOf(""), qrOf("z".repeat(14)), qrOf("z".repeat(15))].map((square) => square!.length)).toEqual([21, 21, 25]);
  });

  it("is none for what is too long", () => {
    expect(qrOf("y".repeat(413))).toBeNull();
  });
});
