import { describe, expect, it } from "vitest";
import { Problem } from "../../src/core/problem";
import { UploadPlan } from "../../src/core/upload/plan";
import { UploadRun, type Job, type Progress } from "../../src/core/upload/run";
import { Width } from "../../src/core/upload/width";
import { ManualClock } from "../live/world";
import { ChunkServer, fileOf, sha256, until } from "./chunkServer";

const chunk = 1024;

function stage(chunks = 6, job: Partial<Job> = {}, canHash = true) {
  const clock = new ManualClock();
  const server = new ChunkServer(clock);
  const told: Progress[] = [];
  const file = fileOf(chunks * chunk - 100);
  const run = new UploadRun(file, { uploadId: "u", token: "t0", chunkSize: chunk, received: [], digests: null, lanes: 4, ...job }, {
    send: server.send, status: server.status, digest: canHash ? sha256 : null, clock, progress: (progress) => told.push(progress),
  });
  return { clock, server, run, told, file };
}

/** Lets time pass until it is over. */
async function over<T>(clock: ManualClock, work: Promise<T>, step = 100): Promise<T> {
  let done = false;
  const end = work.finally(() => (done = true));
  end.catch(() => {});
  await until(clock, () => done, step);
  return end;
}

describe("an upload", () => {
  it("sends every chunk once, with its digest, and tells how far it is", async () => {
    const { clock, server, run, told, file } = stage();
    server.trouble = () => "slow";
    expect(await over(clock, run.run())).toBe(true);
    expect([...server.tries].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(Math.max(...server.lanesSeen)).toBe(4);
    expect(told.at(-1)).toMatchObject({ received: file.size, waiting: null });
    expect(Buffer.from(await sha256(run.plan.rootInput()!.slice().buffer)).toString("hex")).toBe(server.sha256Root);
  });

  it("of nothing is complete at once", async () => {
    const { clock, server, run } = stage(0 + 1);
    const empty = new UploadRun(new Blob([]), { uploadId: "u", token: "t0", chunkSize: chunk, received: [], digests: null, lanes: 4 }, {
      send: server.send, status: server.status, digest: sha256, clock, progress: () => {},
    });
    expect(await over(clock, empty.run())).toBe(true);
    expect(empty.plan.rootInput()).toHaveLength(0);
    run.stop();
  });

  it("goes on after cuts in the middle of chunks", async () => {
    const { clock, server, run } = stage();
    server.trouble = (_, attempt) => (attempt < 3 ? "cut" : null);
    expect(await over(clock, run.run())).toBe(true);
    expect(server.chunks.size).toBe(6);
  });

  it("gives up a line that stalls for twenty seconds, and not one that is slow", async () => {
    const { clock, server, run } = stage(2);
    server.trouble = (index, attempt) => (index === 0 && attempt === 0 ? "stall" : index === 1 ? "slow" : null);
    const start = clock.now();
    expect(await over(clock, run.run(), 1_000)).toBe(true);
    expect(clock.now() - start).toBeGreaterThanOrEqual(20_000);
    expect(server.tries.filter((index) => index === 1)).toHaveLength(1);
  });

  it("does not send what the server has already, and hashes it for the root", async () => {
    const { clock, server, run, file } = stage(6, { received: [[0, 2]] });
    for (let i = 0; i < 3; i++) server.chunks.set(i, Buffer.from(await sha256(await file.slice(i * chunk, (i + 1) * chunk).arrayBuffer())).toString("hex"));
    expect(await over(clock, run.run())).toBe(true);
    expect([...server.tries].sort()).toEqual([3, 4, 5]);
    expect(run.plan.rootInput()).not.toBeNull();
  });

  it("renews its token when it is refused, and asks once for all lanes", async () => {
    const { clock, server, run } = stage();
    server.token = "another";
    expect(await over(clock, run.run())).toBe(true);
    expect(server.statusCalls).toBe(1);
    expect(server.tokens.at(-1)).toBe("t1");
  });

  it("waits as long as a busy server says", async () => {
    const { clock, server, run, told } = stage(1);
    server.trouble = (_, attempt) => (attempt === 0 ? new Problem(429, "rate_limited", { retryAfter: 30 }) : null);
    const start = clock.now();
    expect(await over(clock, run.run(), 1_000)).toBe(true);
    expect(clock.now() - start).toBeGreaterThanOrEqual(30_000);
    expect(told.some((progress) => progress.waiting?.code === "rate_limited")).toBe(true);
  });

  it("tries a full disk a few times, and a full quota not at all", async () => {
    const full = stage(1);
    full.server.trouble = () => new Problem(507, "insufficient_storage");
    await expect(over(full.clock, full.run.run(), 1_000)).rejects.toMatchObject({ status: 507 });
    expect(full.server.tries).toHaveLength(5);
    const quota = stage(1);
    quota.server.trouble = () => new Problem(507, "quota_exceeded");
    await expect(over(quota.clock, quota.run.run())).rejects.toMatchObject({ code: "quota_exceeded" });
    expect(quota.server.tries).toHaveLength(1);
  });

  it("ends when the server has other bytes for a finished chunk", async () => {
    const { clock, server, run } = stage();
    server.chunks.set(2, "00");
    await expect(over(clock, run.run())).rejects.toMatchObject({ code: "chunk_conflict" });
  });

  it("takes it for done when a later try of its own was there first", async () => {
    const { clock, server, run } = stage(2);
    server.trouble = (index, attempt) => {
      if (index !== 1 || attempt > 0) return null;
      server.chunks.set(1, "by the other try");
      return new Problem(409, "chunk_superseded");
    };
    expect(await over(clock, run.run())).toBe(true);
    expect(server.tries).toEqual([0, 1]);
  });

  it("does not believe ranges that cannot be", async () => {
    const { clock, server, run } = stage(3, { received: [[-5, -1], [7, 900], [Number.NaN, 2], [2, 1]] });
    server.says = () => [[99, 1_000_000], ["a", null] as unknown as number[]];
    server.trouble = (_, attempt) => (attempt === 0 ? "cut" : null);
    expect(await over(clock, run.run())).toBe(true);
    expect(server.chunks.size).toBe(3);
  });

  it("ends when the upload is no more", async () => {
    const { clock, server, run } = stage(2);
    server.trouble = () => new Problem(404, "not_found");
    await expect(over(clock, run.run())).rejects.toMatchObject({ code: "not_found" });
  });

  it("stops at once and goes on from there, without hashing twice what it knows", async () => {
    const { clock, server, run, file } = stage(8);
    const first = run.run();
    await until(clock, () => server.chunks.size >= 4, 20);
    run.stop();
    expect(await over(clock, first)).toBe(false);
    const before = server.tries.length;
    let hashed = 0;
    const second = new UploadRun(file, { uploadId: "u", token: "t0", chunkSize: chunk, received: server.received, digests: run.plan.digests(), lanes: 4 }, {
      send: server.send, status: server.status, digest: (bytes) => (hashed++, sha256(bytes)), clock, progress: () => {},
    });
    const left = 8 - server.chunks.size;
    expect(await over(clock, second.run())).toBe(true);
    expect([server.tries.length - before, hashed <= left + 4, second.plan.rootInput() !== null]).toEqual([left, true, true]);
  });

  it("goes without digests where the browser has no SHA-256", async () => {
    const { clock, server, run } = stage(3, {}, false);
    expect(await over(clock, run.run())).toBe(true);
    expect(server.chunks.size).toBe(3);
    expect(run.plan.rootInput()).toBeNull();
  });

  it("goes at once when the network is back", async () => {
    const { clock, server, run } = stage(1);
    server.trouble = (_, attempt) => (attempt === 0 ? new Problem(503, "unavailable", { retryAfter: 3_600 }) : null);
    const running = run.run();
    await until(clock, () => server.tries.length === 1, 10);
    await clock.pass(100);
    run.nudge();
    expect(await over(clock, running)).toBe(true);
  });

  it("says that the file changed when it is shorter than it was", async () => {
    const clock = new ManualClock();
    const server = new ChunkServer(clock);
    const shrunk = { size: 3 * chunk, slice: (from: number) => new Blob([new Uint8Array(from === 0 ? chunk : 10)]) } as unknown as Blob;
    const run = new UploadRun(shrunk, { uploadId: "u", token: "t0", chunkSize: chunk, received: [], digests: null, lanes: 2 }, {
      send: server.send, status: server.status, digest: sha256, clock, progress: () => {},
    });
    await expect(over(clock, run.run())).rejects.toMatchObject({ code: "file_changed" });
  });
});

describe("a plan", () => {
  it("forgets what the server lacks after all", () => {
    const plan = new UploadPlan(5 * chunk, chunk, [[0, 4]], null);
    expect([plan.isComplete, plan.take(false)]).toEqual([true, null]);
    expect(plan.forget([[1, 2], [40, 50]])).toBe(2);
    expect([plan.isComplete, plan.take(false), plan.take(false), plan.take(false)]).toEqual([false, 1, 2, null]);
  });
});

describe("the number of lanes", () => {
  const play = (speedOf: (lanes: number) => number, rounds: number): number[] => {
    const width = new Width(4);
    const seen: number[] = [];
    for (let now = 0, i = 0; i < rounds * 4; i++, now += 1_000) {
      width.passed(speedOf(width.lanes) * 1_000, now);
      seen.push(width.lanes);
    }
    return seen;
  };
  it("grows while that makes it faster, to eight at most", () => expect(Math.max(...play((lanes) => lanes * 100, 30))).toBe(8));
  it("stays near where it is when more are of no use", () => {
    const seen = play(() => 400, 30);
    expect([Math.min(...seen) >= 2, Math.max(...seen) <= 6]).toEqual([true, true]);
  });
  it("halves after a failure, and lanes that fail together count once", () => {
    const width = new Width(8);
    width.failed(0);
    width.failed(10);
    expect(width.lanes).toBe(4);
  });
});
