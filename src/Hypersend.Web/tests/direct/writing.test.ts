import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { writePiece, type DirectWord } from "../../src/core/direct/frames";
import { Grid } from "../../src/core/direct/grid";
import type { Line } from "../../src/core/direct/line";
import { Pull } from "../../src/core/direct/pull";
import { ManualClock } from "../live/world";

const size = 65_536;
const chunk = (index: number): Uint8Array<ArrayBuffer> => new Uint8Array(size).fill(index + 1);
const hashOf = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
};

/** A receiver of three chunks by the relay, whose disk writes when the test lets it. */
function receive() {
  const said: DirectWord[] = [];
  const waiting: (() => void)[] = [];
  const seen = { isClosed: false, problem: null as unknown };
  const sink = { write: () => new Promise<void>((done) => void waiting.push(done)), close: async () => void (seen.isClosed = true), abort: async () => {} };
  const digest = async (bytes: ArrayBuffer): Promise<ArrayBuffer> => Uint8Array.from(hashOf(new Uint8Array(bytes))).buffer;
  const clock = new ManualClock();
  const pull = new Pull(new Grid(3 * size, size, 3), sink, { digest, clock, moved: () => {}, failed: (problem) => void (seen.problem = problem), done: () => {} }, false);
  const line: Line = { route: "relay", seal: null, say: (word) => void said.push(word), carry: async () => false };
  const come = async (index: number, sha256 = hashOf(chunk(index)).toString("hex")): Promise<void> => {
    pull.came(line, writePiece(index, 0, chunk(index)));
    pull.heard(line, { type: "chunk", index, sha256 });
    await turns();
  };
  const write = async (): Promise<void> => {
    for (const done of waiting.splice(0)) done();
    await turns();
  };
  return { pull, line, said, seen, come, write, got: () => said.flatMap((word) => (word.type === "got" ? [word.chunk] : [])) };
}

describe("what is here and not written yet", { timeout: 60_000 }, () => {
  it("is not called got when it comes a second time, for the server would call the file done and its half be thrown away", async () => {
    const { pull, line, come, write, got, seen } = receive();
    pull.up(line);
    await come(0);
    await write();
    for (const index of [1, 2, 1, 2]) await come(index);
    expect(got()).toEqual([0]);
    await write();
    expect(got()).toEqual([0, 1]);
    pull.heard(line, { type: "complete", sha256_root: createHash("sha256").update(Buffer.concat([0, 1, 2].map((index) => hashOf(chunk(index))))).digest("hex") });
    await turns();
    expect([got(), seen]).toEqual([[0, 1, 2], { isClosed: true, problem: null }]);
    pull.stop();
  });

  it("is not asked for again, but for the last of it, without which nothing is done", async () => {
    const { pull, line, said, come } = receive();
    pull.up(line);
    for (const index of [1, 2]) await come(index);
    await come(0, "0".repeat(64));
    expect(said).toEqual([{ type: "need", ranges: [[0, 2]] }, { type: "need", ranges: [[0, 0], [2, 2]] }]);
    pull.stop();
  });
});
