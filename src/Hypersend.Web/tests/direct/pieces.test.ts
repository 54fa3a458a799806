import { createHash, randomBytes, webcrypto } from "node:crypto";
import { describe, expect, it } from "vitest";
import { choose, isNews, judged, type Change, type LineFacts } from "../../src/core/direct/choice";
import { readPiece, readWord, writePiece } from "../../src/core/direct/frames";
import { SealKeys, type Role, type Seal } from "../../src/core/direct/sealing";
import { sha256 } from "../../src/core/direct/sha256";
import { streamSink, type StreamPort } from "../../src/core/direct/sinks";
import { chunkSizeFor } from "../../src/core/direct/shown";
import { savedFiles, savePath } from "../../src/core/offline/saving";
import { ManualClock } from "../live/world";

describe("SHA-256 in script", () => {
  it("is that of the platform, at every length around its blocks", () => {
    for (const length of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 70_001]) {
      const bytes = new Uint8Array(randomBytes(length));
      expect(Buffer.from(sha256(bytes)).toString("hex"), `${length} bytes`).toBe(createHash("sha256").update(bytes).digest("hex"));
    }
  });
});

describe("frames", () => {
  it("carry a piece and its place, also beyond four gigabytes of a chunk's number times its size", () => {
    const frame = writePiece(8_999, 3 * 65_536, Uint8Array.of(1, 2, 3));
    expect([...frame.subarray(0, 12)]).toEqual([0, 0, 0, 0, 0, 0, 0x23, 0x27, 0, 0, 0, 3]);
    expect(readPiece(frame)).toEqual({ index: 8_999, offset: 3 * 65_536, bytes: Uint8Array.of(1, 2, 3) });
  });

  it("are nothing when they are short, or of a chunk that cannot be", () => {
    expect(readPiece(new Uint8Array(12))).toBeNull();
    expect(readPiece(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9))).toBeNull();
  });

  it.each([
    [{ type: "need", ranges: [[0, 4]] }], [{ type: "need", ranges: [[0, 3], [1, 1]] }], [{ type: "need", ranges: [[2, 1]] }], [{ type: "need", ranges: "all" }], [{ type: "got", chunk: 4 }],
    [{ type: "got", chunk: -1 }], [{ type: "chunk", index: 0, sha256: "no" }], [{ type: "complete" }], [{ type: "format the disk" }], [null], ["need"],
  ])("%j is no word about a file of four chunks", (word) => {
    expect(readWord(word, 4)).toBeNull();
  });
});

describe("the choice of a line", () => {
  const line = (route: "direct" | "relay", facts: Partial<LineFacts> = {}): LineFacts => ({ route, speed: null, activeMs: 0, idleMs: 0, silentMs: 0, faults: 0, ...facts });

  it("begins with the straight one", () => {
    expect(choose([line("relay"), line("direct")], null, null)).toEqual({ take: 1, why: "first" });
  });
  it("leaves one that says nothing, sooner the first time than the third", () => {
    const lines = (silentMs: number, faults: number): LineFacts[] => [line("direct", { silentMs }), line("relay", { faults })];
    expect(choose(lines(900, 0), 0, null)).toBeNull();
    expect(choose(lines(1_000, 0), 0, null)).toEqual({ take: 1, why: "silent" });
    expect(choose(lines(3_900, 2), 0, null)).toBeNull();
    expect(choose(lines(4_000, 2), 0, null)).toEqual({ take: 1, why: "silent" });
  });
  it("tries the server only when straight is slow and much is left, and stays with the better one", () => {
    const slow = line("direct", { speed: 1_000_000, activeMs: 4_000 });
    expect(choose([slow, line("relay")], 0, 60)).toEqual({ take: 1, why: "try" });
    expect(choose([slow, line("relay")], 0, 5)).toBeNull();
    expect(choose([line("direct", { speed: 60_000_000, activeMs: 4_000 }), line("relay")], 0, 60)).toBeNull();
    const relay = line("relay", { speed: 900_000, activeMs: 4_000 });
    expect(choose([line("direct", { speed: 1_000_000, idleMs: 4_000 }), relay], 1, 60)).toBeNull();
    expect(choose([line("direct", { speed: 1_300_000, idleMs: 4_000 }), relay], 1, 60)).toEqual({ take: 0, why: "faster" });
  });
  it("calls a trial one as long as its speed says nothing, and tells both speeds only of a line that is the faster one", () => {
    const trial: Change = { from: "direct", to: "relay", why: "try", fromSpeed: 8_000_000, toSpeed: null, lostMs: 5 };
    const relay = (speed: number | null, activeMs = 3_000): LineFacts => line("relay", { speed, activeMs });
    expect(judged(trial, relay(60_000_000, 2_900))).toBe(trial);
    expect(judged(trial, relay(null))).toBe(trial);
    expect(judged(trial, relay(60_000_000))).toEqual({ ...trial, why: "faster", toSpeed: 60_000_000 });
    expect(judged(trial, relay(7_000_000))).toMatchObject({ why: "first" });
    expect(judged({ ...trial, fromSpeed: 0 }, relay(7_000_000))).toMatchObject({ why: "first" });
    expect(judged(trial, line("direct", { speed: 9_000_000, activeMs: 9_000 }))).toBe(trial);
    expect(judged({ ...trial, why: "silent" }, relay(60_000_000))).toMatchObject({ why: "silent" });
    expect(judged(null, relay(60_000_000))).toBeNull();
  });
  it("is news when it falls on another one, and not when the same one is back", () => {
    const change: Change = { from: "relay", to: "relay", why: "gone", fromSpeed: 0, toSpeed: null, lostMs: 5 };
    expect([change, { ...change, from: null }, { ...change, from: "direct" as const }, null].map(isNews)).toEqual([false, false, true, false]);
    const trial: Change = { ...change, from: "stored", why: "try" };
    expect([trial, { ...trial, fromSpeed: 8_000_000 }].map(isNews)).toEqual([false, true]);
  });
});

describe("sealed bytes", () => {
  /** Two sides whose signals reach each other. */
  async function agreed(): Promise<[Seal, Seal]> {
    const clock = new ManualClock();
    const seals: Partial<Record<Role, Seal>> = {};
    const keys: Partial<Record<Role, SealKeys>> = {};
    const side = (role: Role, other: Role): SealKeys => new SealKeys("019AA5C2-f3c8-7d0c-9a51-f6d7a1b2c3d4", role, {
      subtle: webcrypto.subtle as unknown as SubtleCrypto, clock, fill: (bytes) => void webcrypto.getRandomValues(bytes),
      say: (data) => void keys[other]?.heard(data), came: (seal) => void (seals[role] = seal),
    });
    keys.sender = side("sender", "receiver");
    keys.receiver = side("receiver", "sender");
    await keys.sender.announce();
    return [(await keys.sender.within(60_000))!, (await keys.receiver.within(60_000))!];
  }

  it("are opened by the other side alone, and only as they were closed", async () => {
    const [mine, theirs] = await agreed();
    const frame = writePiece(7, 65_536, new Uint8Array(randomBytes(1_000)));
    const sealed = await mine.close(frame);
    expect(sealed.length).toBe(frame.length + 28);
    expect(await theirs.open(sealed)).toEqual(frame);
    for (const at of [3, 8, 13, 30, sealed.length - 1]) {
      const changed = sealed.slice();
      changed[at]! ^= 1;
      expect(await theirs.open(changed), `changed at ${at}`).toBeNull();
    }
    expect(await theirs.open(frame)).toBeNull();
    const [stranger] = await agreed();
    expect(await stranger.open(sealed)).toBeNull();
  });

  it("have one name, one fingerprint and digests that nobody else can make", async () => {
    const [mine, theirs] = await agreed();
    expect(theirs.name).toBe(mine.name);
    expect(mine.name).toMatch(/^[0-9a-f]{16}$/);
    expect(theirs.fingerprint).toBe(mine.fingerprint);
    expect(mine.fingerprint).toMatch(/^(\d{5} ){7}\d{5}$/);
    const digest = new Uint8Array(32).fill(7);
    expect(await theirs.chunk(3, digest)).toBe(await mine.chunk(3, digest));
    expect(await theirs.chunk(4, digest)).not.toBe(await mine.chunk(3, digest));
    expect(await theirs.root(9, digest)).toBe(await mine.root(9, digest));
    const [stranger] = await agreed();
    expect(await stranger.chunk(3, digest)).not.toBe(await mine.chunk(3, digest));
  });

  it("are not made with what is no key", async () => {
    const clock = new ManualClock();
    const keys = new SealKeys("id", "sender", {
      subtle: webcrypto.subtle as unknown as SubtleCrypto, clock, fill: () => {}, say: () => {}, came: () => expect.fail("It was none."),
    });
    await keys.heard({ version: 1, key: "AAAA" });
    await keys.heard({ version: 2, key: "x" });
    await keys.heard({ version: 1, key: Buffer.concat([Buffer.of(4), Buffer.alloc(64, 9)]).toString("base64url") });
    expect(keys.seal).toBeNull();
  });
});

describe("a transfer that is saved as a download", () => {
  it("is answered once, at its own address, with its length and name", async () => {
    const saved = savedFiles();
    const { port1, port2 } = new MessageChannel();
    const told = new MessageChannel();
    const path = `${savePath}one`;
    saved.expect({ path, name: "Übung \"1\".pdf", size: 3, mime: "application/pdf", port: port1 as never, told: told.port1 as never });
    expect(saved.take(new URL("https://example.org/assets/one"))).toBeNull();
    const response = saved.take(new URL(path, "https://example.org"))!;
    expect(saved.take(new URL(path, "https://example.org"))).toBeNull();
    expect(response.headers.get("content-length")).toBe("3");
    expect(response.headers.get("content-disposition")).toBe("attachment; filename=\"_bung _1_.pdf\"; filename*=UTF-8''%C3%9Cbung%20%221%22.pdf");
    const bytes = Uint8Array.of(1, 2, 3);
    port2.postMessage({ is: "bytes", bytes: bytes.buffer });
    port2.postMessage({ is: "end" });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(Uint8Array.of(1, 2, 3));
    for (const port of [port1, port2, told.port1, told.port2]) port.close();
  });
});

describe("the bytes of a download", { timeout: 60_000 }, () => {
  /** A sink, and what the browser has of it so far. */
  function download() {
    const { port1, port2 } = new MessageChannel();
    const taken: string[] = [];
    port2.onmessage = ({ data }) => {
      taken.push(data.is === "bytes" ? `${data.bytes.byteLength}` : data.is);
      port2.postMessage({ is: "pull" });
    };
    port2.postMessage({ is: "pull" });
    return { sink: streamSink(port1 as unknown as StreamPort), taken, close: () => [port1, port2].forEach((port) => port.close()) };
  }

  it("are not all there before the file is judged, so that what is wrong is no file", async () => {
    const [good, bad] = [download(), download()];
    for (const { sink } of [good, bad]) await Promise.all([sink.write(3, new Uint8Array(2)), sink.write(0, new Uint8Array(3))]);
    await bad.sink.abort();
    await good.sink.close();
    await expect.poll(() => [good.taken, bad.taken], { timeout: 30_000 }).toEqual([["3", "2", "end"], ["3", "abort"]]);
    good.close();
    bad.close();
  });
});

describe("the size of chunks", () => {
  it.each([[0, 1], [1, 1], [2_000 * 1_048_576, 1], [2_000 * 1_048_576 + 1, 2], [40_000_000_000, 32], [9_000_000_000_000_000, 64]])("%i bytes: %i MiB", (size, mebibytes) => {
    expect(chunkSizeFor(size)).toBe(mebibytes * 1_048_576);
  });
});
