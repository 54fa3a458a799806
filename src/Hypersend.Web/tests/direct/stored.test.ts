import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { DirectDesk } from "../../src/core/direct/ports";
import { mayStore } from "../../src/core/direct/shown";
import type { SinkWish } from "../../src/core/direct/sinks";
import { StoredLine } from "../../src/core/direct/storedLine";
import { Couple, Wire } from "./couple";
import { Town } from "./desks";

const place: SinkWish = { kind: "private", name: "one" };
const mebibyte = 1_048_576;
const bytes = Uint8Array.from({ length: 6 * mebibyte - 5 }, (_, i) => (i * 7 + (i >> 12)) & 0xff);
const film = (): File => new File([bytes], "film.mkv", { lastModified: 1_760_000_000_000 });
const of = (desk: DirectDesk) => desk.transfer("one").value;
const soon = { timeout: 30_000 };

describe("a transfer that its sender puts on the server", { timeout: 60_000 }, () => {
  it("comes whole to who accepts it after the sender has gone", async () => {
    const town = new Town();
    const [ana, ben] = [town.open("ana"), town.open("ben")];
    await ana.offer("ben", { file: film() });
    expect(mayStore(of(ana)!)).toBe(true);
    await ana.store("one");
    await expect.poll(() => of(ana)!.stored?.state, soon).toBe("whole");
    expect(mayStore(of(ana)!)).toBe(false);
    town.leave("ana", ana);
    await expect.poll(() => of(ben)?.stored?.state, soon).toBe("there");
    await ben.accept("one", place);
    await expect.poll(() => of(ben)!.state, soon).toBe("done");
    expect([Buffer.compare(town.written, bytes), town.isClosed, of(ben)!.route]).toEqual([0, true, "stored"]);
    expect(town.calls).toContain("ben progress");
  });

  it("brings and fetches only what the receiver lacked when the line fell silent", async () => {
    const town = new Town();
    const [ana, ben] = [town.open("ana"), town.open("ben")];
    await ana.offer("ben", { file: film() });
    // Behind the third chunk nothing gets through any more, and nobody is told.
    let isCut = false;
    town.meeting.loses = (role, frame) => role === "sender" && (isCut ||= typeof frame !== "string" && frame[7]! >= 3);
    await expect.poll(() => ben.offers.value.length, soon).toBe(1);
    await ben.accept("one", place);
    await expect.poll(() => of(ana)!.received, soon).toBe(3 * mebibyte);
    await ana.store("one");
    await expect.poll(() => [of(ana)!.state, of(ben)!.state], soon).toEqual(["done", "done"]);
    expect(Buffer.compare(town.written, bytes)).toBe(0);
    expect([...town.stored.keys()].sort()).toEqual([3, 4, 5]);
    expect([...new Set(town.fetched)].sort()).toEqual([3, 4, 5]);
    expect(of(ben)!.change).toMatchObject({ from: "relay", to: "stored" });
  });

  it("needs nothing of a page that was loaded again when all of it is there", async () => {
    const town = new Town();
    const before = town.open("ana");
    await before.offer("ben", { file: film() });
    await before.store("one");
    await expect.poll(() => of(before)!.stored?.state, soon).toBe("whole");
    town.leave("ana", before);
    const ana = town.open("ana");
    await ana.start();
    expect([of(ana)!.state, of(ana)!.stored?.state]).toEqual(["offered", "whole"]);
  });

  it("goes on from what the server has when the sender picks the file again", async () => {
    const town = new Town();
    const before = town.open("ana");
    await before.offer("ben", { file: film() });
    await expect.poll(async () => ((await town.records.ana!.get("facts", "direct.one")) as { prints: string | null } | undefined)?.prints ?? null, soon).not.toBeNull();
    town.takesChunk = (index) => (index < 2 ? Promise.resolve() : new Promise(() => {}));
    await before.store("one");
    await expect.poll(() => town.stored.size, soon).toBe(2);
    town.leave("ana", before);
    const taken: number[] = [];
    town.takesChunk = async (index) => void taken.push(index);
    const ana = town.open("ana");
    await ana.start();
    expect(of(ana)!.state).toBe("needs-file");
    await ana.give("one", film());
    await expect.poll(() => of(ana)!.stored?.state, soon).toBe("whole");
    expect(taken.sort()).toEqual([2, 3, 4, 5]);
  });
});

describe("a receiver whose page is loaded again", { timeout: 60_000 }, () => {
  it("keeps every chunk that is still what it was, and fetches the others", async () => {
    const town = new Town();
    const [ana, before] = [town.open("ana"), town.open("ben")];
    await ana.offer("ben", { file: film() });
    await ana.store("one");
    await expect.poll(() => of(ana)!.stored?.state, soon).toBe("whole");
    town.leave("ana", ana);
    const last = town.stored.get(5)!;
    // The last one is not there yet, so that there is something left to come.
    town.stored.delete(5);
    await before.accept("one", place);
    const kept = async () => (await town.records.ben!.get("facts", "direct.one")) as { digests: { known: Uint8Array } | null } | undefined;
    await expect.poll(async () => (await kept())?.digests?.known.reduce((sum, one) => sum + one, 0), soon).toBe(5);
    const records = structuredClone(await kept());
    town.leave("ben", before);
    await town.records.ben!.put("facts", [["direct.one", records]]);
    // One of them was spoiled on the disk.
    town.written[mebibyte + 9]! ^= 1;
    town.fetched.length = 0;
    town.stored.set(5, last);
    const ben = town.open("ben");
    await ben.start();
    await expect.poll(() => of(ben)!.state, soon).toBe("done");
    expect(Buffer.compare(town.written, bytes)).toBe(0);
    expect([...new Set(town.fetched)].sort()).toEqual([1, 5]);
  });

  it("says that it begins anew where the browser's download was the place", async () => {
    const town = new Town();
    const [ana, before] = [town.open("ana"), town.open("ben")];
    await ana.offer("ben", { file: film() });
    town.meeting.loses = (role, frame) => role === "sender" && typeof frame !== "string";
    await expect.poll(() => before.offers.value.length, soon).toBe(1);
    await before.accept("one", { kind: "stream", port: { onmessage: null, postMessage: () => {}, close: () => {} } });
    await expect.poll(() => town.records.ben!.get("facts", "direct.one"), soon).toMatchObject({ place: { kind: "stream" } });
    town.leave("ben", before);
    const ben = town.open("ben");
    await ben.start();
    expect([of(ben)!.state, of(ben)!.kept]).toEqual(["needs-place", 0]);
    expect(await ben.carryOn("one")).toBe(false);
  });
});

describe("the stored file as a line", { timeout: 60_000 }, () => {
  const hex = (part: Uint8Array): string => createHash("sha256").update(part).digest("hex");

  it("takes what is there as it comes, is tried again after a cut, and gives way to another line when it is gone", async () => {
    const couple = new Couple({ size: 8 * 131_072 });
    const { grid, file } = couple;
    let there = 2;
    let answers = 0;
    let isGone = false;
    const rests: number[] = [];
    new StoredLine(couple.pull, grid, {
      clock: couple.clock, rest: () => void rests.push(couple.clock.time),
      digests: async () => (isGone ? null : Array.from({ length: grid.total }, (_, i) => (i < there ? hex(file.subarray(grid.startOf(i), grid.startOf(i) + grid.lengthOf(i))) : null))),
      fetch: async (from, to) => {
        // The first answer ends in the middle.
        const end = answers++ === 0 ? to - 70_000 : to;
        return (async function* () { yield file.subarray(from, end + 1); })();
      },
    });
    await couple.until(() => couple.pull.verified.count === 2);
    expect(couple.pull.line?.route).toBe("stored");
    there = 5;
    await couple.until(() => couple.pull.verified.count === 5);
    isGone = true;
    await couple.until(() => couple.pull.line === null);
    const relay = new Wire("relay", couple);
    await couple.until(() => couple.outcome !== null);
    expect(couple.whole).toEqual([]);
    expect(relay.carried).toBe(6);
    expect(rests.length).toBeGreaterThan(1);
  });

  it("is left for one that works when nothing of it comes to lie there", async () => {
    const couple = new Couple({ size: 900 * 65_536 });
    const relay = new Wire("relay", couple, 20);
    await couple.until(() => relay.carried > 100);
    const at = couple.clock.time;
    new StoredLine(couple.pull, couple.grid, {
      clock: couple.clock, rest: () => couple.supply.rest(), digests: async () => Array.from({ length: couple.grid.total }, () => null), fetch: async () => null,
    });
    await couple.until(() => couple.pull.line?.route === "stored");
    await couple.until(() => couple.outcome !== null || couple.clock.time - at > 300_000);
    expect(couple.whole).toEqual([]);
  });
});
