import { expect, it } from "vitest";
import { isQuiet } from "../src/core/push/quiet";

const at = (time: string): Date => new Date(`2026-01-15T${time}:00Z`);
const night = { quiet_from: "22:00", quiet_to: "07:00", zone: "Europe/Berlin" };

it.each([["20:59", false], ["21:00", true], ["03:00", true], ["05:59", true], ["06:00", false], ["12:00", false]])("at %s UTC a night in Berlin is quiet: %s", (time, quiet) => {
  expect(isQuiet(night, at(time))).toBe(quiet);
});

it("is quiet within a day, and never without two different times", () => {
  const day = { quiet_from: "09:00", quiet_to: "17:00" };
  expect([isQuiet(day, at("08:59")), isQuiet(day, at("09:00")), isQuiet(day, at("17:00"))]).toEqual([false, true, false]);
  expect([{}, { quiet_from: "", quiet_to: "" }, { quiet_from: "09:00", quiet_to: "09:00" }].map((one) => isQuiet(one, at("09:00")))).toEqual([false, false, false]);
});

it("goes by UTC where the zone is unknown", () => {
  expect(isQuiet({ ...night, zone: "Atlantis/Centre" }, at("21:30"))).toBe(false);
});
