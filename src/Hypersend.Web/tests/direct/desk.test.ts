import { describe, expect, it } from "vitest";
import type { DirectDesk } from "../../src/core/direct/ports";
import type { SinkWish } from "../../src/core/direct/sinks";
import { Problem } from "../../src/core/problem";
import { Town } from "./desks";

const place: SinkWish = { kind: "private", name: "one" };
const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 7) & 0xff);
const film = (content: Uint8Array<ArrayBuffer> = bytes): File => new File([content], "film.mkv", { lastModified: 1_760_000_000_000 });
const stateOf = (desk: DirectDesk): string | undefined => desk.transfer("one").value?.state;

describe("two people and a file", { timeout: 60_000 }, () => {
  const soon = { timeout: 30_000 };

  it("offer, accept, and have it on both sides", async () => {
    const town = new Town();
    const [ana, ben] = [town.open("ana"), town.open("ben")];
    await ana.offer("ben", { file: film() });
    await expect.poll(() => ben.offers.value.length, soon).toBe(1);
    expect(stateOf(ana)).toBe("offered");
    await ben.accept("one", place);
    await expect.poll(() => [stateOf(ana), stateOf(ben)], soon).toEqual(["done", "done"]);
    expect([town.isClosed, Buffer.compare(town.written, bytes)]).toEqual([true, 0]);
    expect([ana, ben].map((desk) => desk.transfer("one").value!.verified)).toEqual([true, true]);
    expect([ana.active.value, ben.active.value, ben.offers.value.length]).toEqual([0, 0, 0]);
  });

  it("reject, and both know", async () => {
    const town = new Town();
    const [ana, ben] = [town.open("ana"), town.open("ben")];
    await ana.offer("ben", { file: film() });
    await expect.poll(() => ben.offers.value.length, soon).toBe(1);
    await ben.reject("one");
    await expect.poll(() => [stateOf(ana), stateOf(ben)], soon).toEqual(["rejected", "rejected"]);
  });

  it("stop with a sentence on both sides when the file is not what it was", async () => {
    const town = new Town();
    const [ana, ben] = [town.open("ana"), town.open("ben")];
    const file = film();
    // A file that shrank: there are fewer bytes at the place of a chunk than there should be.
    Object.defineProperty(file, "slice", { value: () => new Blob(["short"]) });
    await ana.offer("ben", { file });
    await expect.poll(() => ben.offers.value.length, soon).toBe(1);
    await ben.accept("one", place);
    await expect.poll(() => [stateOf(ana), stateOf(ben)], soon).toEqual(["failed", "failed"]);
    expect([ana, ben].map((desk) => desk.transfer("one").value!.problem?.code)).toEqual(["file_changed", "file_changed"]);
    expect(town.isClosed).toBe(false);
  });

  it("go on after the sender's page was loaded again, with the same file and no other", async () => {
    const town = new Town();
    const before = town.open("ana");
    await before.offer("ben", { file: film() });
    // What it is known by is written down a moment after the offer.
    await expect.poll(async () => ((await town.records.ana!.get("facts", "direct.one")) as { prints: string | null } | undefined)?.prints ?? null, soon).not.toBeNull();
    before.stop();
    const [ana, ben] = [town.open("ana"), town.open("ben")];
    await ana.start();
    await ben.start();
    expect([stateOf(ana), stateOf(ben)]).toEqual(["needs-file", "offered"]);
    await ben.accept("one", place);
    await expect.poll(() => ana.transfer("one").value!.accepted, soon).toBe(true);
    const other = bytes.slice();
    other[0]! ^= 1;
    await expect(ana.give("one", film(other))).rejects.toThrow(new Problem(409, "other_file"));
    await ana.give("one", film());
    await expect.poll(() => [stateOf(ana), stateOf(ben)], soon).toEqual(["done", "done"]);
    expect(Buffer.compare(town.written, bytes)).toBe(0);
  });

  it("save nothing of a file that was changed between two pages of its sender, where no digest of a chunk could tell", async () => {
    const town = new Town();
    const [before, ben] = [town.open("ana"), town.open("ben")];
    await before.offer("ben", { file: film() });
    await expect.poll(async () => ((await town.records.ana!.get("facts", "direct.one")) as { prints: string | null } | undefined)?.prints ?? null, soon).not.toBeNull();
    // The last chunk does not get through before.
    town.meeting.loses = (role, frame) => role === "sender" && (typeof frame === "string" ? /"index":2|complete/.test(frame) : frame[7] === 2);
    await expect.poll(() => ben.offers.value.length, soon).toBe(1);
    await ben.accept("one", place);
    await expect.poll(() => before.transfer("one").value!.received, soon).toBe(2 * 1_048_576);
    town.leave("ana", before);
    town.meeting.loses = () => false;
    const ana = town.open("ana");
    await ana.start();
    // Its first and its last chunk, by which it is known again, are what they were.
    const other = bytes.slice();
    other[1_500_000]! ^= 1;
    await ana.give("one", film(other));
    await expect.poll(() => [stateOf(ana), stateOf(ben)], soon).toEqual(["failed", "failed"]);
    expect([ben.transfer("one").value!.problem?.code, town.isClosed, town.isDropped]).toEqual(["checksum_mismatch", false, true]);
  });

  it("pause for both, and only who paused goes on", async () => {
    const town = new Town();
    const [ana, ben] = [town.open("ana"), town.open("ben")];
    await ana.offer("ben", { file: film() });
    await expect.poll(() => ben.offers.value.length, soon).toBe(1);
    await ben.accept("one", place);
    ben.pause("one");
    await expect.poll(() => ana.transfer("one").value!.pausedBy ?? stateOf(ana), soon).toMatch(/peer|done/);
    ben.resume("one");
    await expect.poll(() => [stateOf(ana), stateOf(ben)], soon).toEqual(["done", "done"]);
  });
});
