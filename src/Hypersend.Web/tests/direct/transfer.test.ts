import { describe, expect, it } from "vitest";
import { writePiece } from "../../src/core/direct/frames";
import { Couple, Wire } from "./couple";

// On a machine that builds something else meanwhile all of it is slow, and none of it wrong.
describe("one file over several lines", { timeout: 60_000 }, () => {
  it("comes whole over one of them", async () => {
    const couple = new Couple();
    new Wire("relay", couple);
    await couple.until(() => couple.outcome !== null);
    expect(couple.whole).toEqual([]);
    expect(couple.outcome?.isSame).toBe(true);
    expect(couple.supply.got.isWhole).toBe(true);
  });

  it("is not saved when the sender names another one", async () => {
    const couple = new Couple();
    const wire = new Wire("relay", couple);
    const heard = couple.pull.heard.bind(couple.pull);
    couple.pull.heard = (line, word) => heard(line, (word as { type: string }).type === "complete" ? { type: "complete", sha256_root: "0".repeat(64) } : word);
    await couple.until(() => couple.problem !== null || couple.outcome !== null);
    expect([couple.problem?.code, couple.isClosed, couple.outcome, wire.carried > 0]).toEqual(["checksum_mismatch", false, null, true]);
  });

  it("is saved, and called got, only when the word about the whole has come", async () => {
    const couple = new Couple();
    const wire = new Wire("relay", couple);
    let isSaid = false;
    const heard = couple.pull.heard.bind(couple.pull);
    couple.pull.heard = (line, word) => ((word as { type: string }).type !== "complete" || isSaid ? heard(line, word) : undefined);
    await couple.until(() => couple.pull.verified.isWhole);
    // As long as no time passes, for all that may happen by itself.
    for (let turn = 0; turn < 50; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    expect([couple.isClosed, couple.supply.got.count]).toEqual([false, 7]);
    isSaid = true;
    couple.supply.heard(wire.atSupply, { type: "need", ranges: [[7, 7]] });
    await couple.until(() => couple.outcome !== null);
    expect([couple.whole, couple.outcome?.isSame]).toEqual([[], true]);
    await couple.until(() => couple.supply.got.isWhole);
  });

  it("is judged also when all of it was on the disk already, and the last chunk is all that comes again", async () => {
    const couple = new Couple();
    couple.restore();
    const relay = new Wire("relay", couple);
    await couple.until(() => couple.outcome !== null);
    expect([couple.outcome?.isSame, couple.isClosed, couple.writes.size, relay.carried]).toEqual([true, true, 0, 2]);
    await couple.until(() => couple.supply.got.isWhole);
  });

  it("comes when there is nothing in it", async () => {
    const couple = new Couple({ size: 0 });
    new Wire("relay", couple);
    await couple.until(() => couple.outcome !== null);
    expect(couple.whole).toEqual([]);
  });

  it("goes straight when it can, and says nothing of a change before there was one", async () => {
    const couple = new Couple({ expectsDirect: true });
    const relay = new Wire("relay", couple);
    const from = couple.clock.time;
    await couple.until(() => couple.clock.time - from >= 500);
    const direct = new Wire("direct", couple);
    await couple.until(() => couple.outcome !== null);
    expect(couple.whole).toEqual([]);
    expect([relay.carried, direct.carried > 0, couple.pull.change?.from]).toEqual([0, true, null]);
  });

  it("does not wait for a straight line for ever", async () => {
    const couple = new Couple({ expectsDirect: true });
    new Wire("relay", couple);
    await couple.until(() => couple.outcome !== null);
    expect(couple.whole).toEqual([]);
  });

  it("keeps every verified chunk when the line is cut, at any of 50 moments", async () => {
    for (let moment = 0; moment < 50; moment++) {
      const couple = new Couple();
      const [direct, relay] = [new Wire("direct", couple), new Wire("relay", couple)];
      // Somewhere in the middle of the 16 pieces, by a sequence that looks like chance and is the same every time.
      const pieces = 1 + ((moment * 7919) % 14);
      await couple.until(() => direct.carried >= pieces);
      const there = couple.pull.verified.count;
      direct.cut();
      await couple.until(() => couple.outcome !== null);
      expect(couple.whole, `cut after ${pieces} pieces`).toEqual([]);
      expect(couple.pull.verified.count).toBe(8);
      // What was verified did not come again: at most the rest, and the chunk that was cut.
      expect(relay.carried).toBeLessThanOrEqual((8 - there) * 2);
      expect(couple.pull.change).toMatchObject({ from: "direct", to: "relay", why: "gone" });
    }
  });

  it("goes to the other line within two seconds when one falls silent, and back to it later", async () => {
    const couple = new Couple({ size: 40 * 131_072 });
    const [direct, relay] = [new Wire("direct", couple, 20), new Wire("relay", couple, 20)];
    await couple.until(() => couple.pull.verified.count >= 3);
    const at = couple.clock.time;
    direct.isSilent = true;
    await couple.until(() => relay.carried > 0);
    expect(couple.clock.time - at).toBeLessThan(2_000);
    await couple.until(() => couple.pull.change?.lostMs != null);
    expect(couple.pull.change).toMatchObject({ from: "direct", to: "relay", why: "silent" });
    expect(couple.pull.change!.lostMs).toBeLessThan(2_000);
    direct.isSilent = false;
    relay.cut();
    await couple.until(() => couple.outcome !== null);
    expect(couple.whole).toEqual([]);
  });

  it("changes to a line that was measured to be faster, and tells both speeds", async () => {
    const couple = new Couple({ size: 600 * 65_536, chunkSize: 131_072 });
    new Wire("direct", couple, 100);
    const relay = new Wire("relay", couple, 10);
    await couple.until(() => relay.carried > 100);
    expect(couple.pull.line?.route).toBe("relay");
    expect(couple.pull.change).toMatchObject({ from: "direct", to: "relay" });
    expect(couple.pull.change!.fromSpeed).toBeGreaterThan(300_000);
    expect(couple.pull.change!.fromSpeed).toBeLessThan(1_000_000);
    // A line that was tried for long enough is no trial any more.
    await couple.until(() => couple.pull.change!.why !== "try" || couple.outcome !== null);
    expect(couple.pull.change).toMatchObject({ from: "direct", to: "relay", why: "faster" });
    expect(couple.pull.change!.toSpeed).toBeGreaterThan(couple.pull.change!.fromSpeed);
    await couple.until(() => couple.outcome !== null);
    expect(couple.whole).toEqual([]);
  });

  it("refuses a chunk whose digest is wrong, asks again, and takes no wrong byte", async () => {
    const couple = new Couple();
    const relay = new Wire("relay", couple);
    let spoiled = 0;
    relay.spoil = (frame) => {
      if (frame[7] === 3 && spoiled++ < 2) frame[20]! ^= 1;
    };
    await couple.until(() => couple.outcome !== null);
    expect(couple.whole).toEqual([]);
    expect(couple.pull.refused).toBeGreaterThan(0);
  });

  it("gives a sender up who never sends what they say", async () => {
    const couple = new Couple();
    new Wire("relay", couple).spoil = (frame) => void (frame[20]! ^= 1);
    await couple.until(() => couple.problem !== null);
    expect(couple.problem?.code).toBe("checksum_mismatch");
    expect(couple.writes.size).toBe(0);
  });

  it("comes whole through many stalls of a network that cost chunks which were half here", async () => {
    const couple = new Couple({ size: 200 * 131_072 });
    const relay = new Wire("relay", couple, 3_000);
    const { pull, clock } = couple;
    while (pull.refused < 12 && !pull.verified.isWhole && couple.problem === null) {
      const before = pull.verified.count;
      await couple.until(() => (pull.verified.count > before + 2 && pull.received % 131_072 !== 0) || pull.verified.isWhole);
      // Long enough that the receiver asks once more, and what has begun to come begins again.
      const [from, there] = [clock.time, pull.verified.count];
      relay.hold();
      await couple.until(() => clock.time - from > 11_000);
      relay.release();
      await couple.until(() => pull.verified.count > there || couple.problem !== null);
    }
    expect([pull.refused, couple.problem]).toEqual([12, null]);
    await couple.until(() => couple.outcome !== null);
    expect(couple.whole).toEqual([]);
  });

  it("holds no more than some chunks of a sender who sends everything and says nothing of it", async () => {
    const couple = new Couple({ size: 80 * 1_048_576, chunkSize: 1_048_576 });
    const relay = new Wire("relay", couple);
    const piece = new Uint8Array(65_536);
    for (let index = 0; index < 80; index++) for (let at = 0; at < 16; at++) couple.pull.came(relay.atPull, writePiece(index, at * 65_536, piece));
    expect(couple.pull.held).toBe(65 * 1_048_576);
    couple.pull.stop();
    couple.supply.stop();
  });

  it("stops when the file was changed while it was sent", async () => {
    let isChanged = false;
    const couple = new Couple({
      read: (bytes) => ({
        size: bytes.length,
        slice: (from: number, to: number) => ({ arrayBuffer: async () => (isChanged ? bytes.slice(from, to).reverse() : bytes.slice(from, to)).buffer }),
      }) as unknown as Blob,
    });
    const direct = new Wire("direct", couple, 20);
    const relay = new Wire("relay", couple, 20);
    // Two chunks are read and hashed; one of them has to go once more, and is not what it was.
    await couple.until(() => direct.carried >= 2);
    isChanged = true;
    direct.cut();
    await couple.until(() => couple.problem !== null);
    expect(couple.problem?.code).toBe("file_changed");
    expect(relay.isUp).toBe(true);
  });

  it("keeps the sender waiting for a receiver who is slow to write", async () => {
    const couple = new Couple({ size: 20 * 1_048_576, chunkSize: 1_048_576 });
    const relay = new Wire("relay", couple, 0);
    // Nothing that comes is acknowledged: no more than 16 MiB leave.
    relay.atPull.say = () => {};
    couple.supply.heard(relay.atSupply, { type: "need", ranges: [[0, 19]] });
    const from = couple.clock.time;
    // An hour of its time, in which the receiver's own looks are all that happens.
    await couple.until(() => couple.clock.time - from > 3_600_000);
    expect(relay.carried).toBe(16 * 16);
    couple.supply.stop();
    couple.pull.stop();
  });

  it("comes to its end where a file can only be written from the beginning, though a chunk in its middle was lost", async () => {
    const couple = new Couple({ size: 40 * 1_048_576, chunkSize: 1_048_576, inOrder: true });
    const [direct, relay] = [new Wire("direct", couple, 2), new Wire("relay", couple, 2)];
    // Behind the lost one as much comes as is let out unacknowledged, and waits for it.
    direct.spoil = (frame) => void (frame[7] === 3 && (frame[20]! ^= 1));
    await couple.until(() => couple.pull.refused > 0);
    direct.isSilent = true;
    await couple.until(() => couple.outcome !== null || couple.problem !== null);
    expect(couple.whole).toEqual([]);
    expect(relay.carried).toBeGreaterThan(0);
  });
});
