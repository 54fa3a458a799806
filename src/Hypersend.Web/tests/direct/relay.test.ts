import { createHash, webcrypto } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Grid } from "../../src/core/direct/grid";
import { Pull } from "../../src/core/direct/pull";
import { Relay } from "../../src/core/direct/relay";
import { SealKeys, type Role } from "../../src/core/direct/sealing";
import { Supply } from "../../src/core/direct/supply";
import { realClock } from "../../src/core/clock";
import { FakeSocket, Meeting } from "./meeting";

/** Two pages with a relay between them; `seals` says which of them has WebCrypto, `hears` when the server passes a key on. */
function meet(meeting: Meeting, seals: Record<Role, boolean>, hears: (role: Role) => boolean = () => true) {
  const size = 300_000;
  const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 13) & 0xff);
  const grid = new Grid(size, 65_536, 5);
  const digest = async (input: ArrayBuffer): Promise<ArrayBuffer> => Uint8Array.from(createHash("sha256").update(new Uint8Array(input)).digest()).buffer;
  const written = new Uint8Array(size);
  const over: Record<Role, string[]> = { sender: [], receiver: [] };
  const keys: Record<Role, SealKeys | null> = { sender: null, receiver: null };
  const relays: Partial<Record<Role, Relay>> = {};
  const prints: Record<Role, string[]> = { sender: [], receiver: [] };
  let finish: (what: { isSame: boolean | null }) => void = () => {};
  const done = new Promise<{ isSame: boolean | null }>((resolve) => (finish = resolve));
  const failed = (problem: unknown): void => finish(problem as never);
  const supply = new Supply(new Blob([bytes]), grid, { digest, clock: realClock, moved: () => {}, failed });
  const sink = { write: async (at: number, part: Uint8Array) => written.set(part, at), close: async () => {}, abort: async () => {} };
  const pull = new Pull(grid, sink, { digest, clock: realClock, moved: () => {}, failed, done: finish }, false);
  for (const role of ["sender", "receiver"] as const) {
    const other = role === "sender" ? "receiver" : "sender";
    if (seals[role]) {
      keys[role] = new SealKeys("one", role, {
        subtle: webcrypto.subtle as unknown as SubtleCrypto, clock: { ...realClock, after: (ms, run) => realClock.after(ms / 20, run) }, fill: (nonce) => void webcrypto.getRandomValues(nonce),
        say: (data) => void (hears(other) && keys[other]?.heard(data)), came: () => relays[role]?.sealed(),
      });
    }
    const relay = (relays[role] = new Relay(role === "sender" ? supply : pull, {
      open: () => new FakeSocket(meeting, role), ticket: async () => "ticket", clock: realClock, role, total: 5, keys: keys[role],
      over: (how) => void over[role].push(how), peer: () => {}, seals: ({ fingerprint }) => void prints[role].push(fingerprint),
    }));
    relay.start();
  }
  const stop = (): void => {
    pull.stop();
    supply.stop();
    for (const relay of Object.values(relays)) relay.stop();
  };
  return { bytes, written, done, over, prints, keys, stop };
}

const binary = (meeting: Meeting): Uint8Array[] => meeting.seen.flatMap(({ frame }) => (typeof frame === "string" ? [] : [frame]));

describe("the relay between two pages", { timeout: 60_000 }, () => {
  it("carries a file that the server cannot read, and no digest that it could compare", async () => {
    const meeting = new Meeting();
    const pair = meet(meeting, { sender: true, receiver: true });
    expect((await pair.done).isSame).toBe(true);
    expect(Buffer.compare(pair.written, pair.bytes)).toBe(0);
    pair.stop();
    for (const frame of binary(meeting)) expect(Buffer.from(frame).includes(Buffer.from(pair.bytes.subarray(0, 32)))).toBe(false);
    const root = createHash("sha256").update(pair.bytes.subarray(0, 65_536)).digest("hex");
    expect(JSON.stringify(meeting.seen.filter(({ frame }) => typeof frame === "string"))).not.toContain(root);
    expect([pair.prints.sender.length, new Set([...pair.prints.sender, ...pair.prints.receiver]).size]).toEqual([1, 1]);
  });

  it("calls nothing sealed of which a server that kept a key back has read a part", async () => {
    const meeting = new Meeting();
    const hasRead = (): boolean => binary(meeting).length > 0;
    const asksSealed = (): boolean => meeting.seen.some(({ frame }) => typeof frame === "string" && frame.includes('"seal"'));
    // The last chunk does not get through as it is.
    meeting.loses = (role, frame) => role === "sender" && !asksSealed() && (typeof frame === "string" ? /"index":4|complete/.test(frame) : frame[7] === 4);
    const pair = meet(meeting, { sender: true, receiver: true }, (role) => role === "sender" || hasRead());
    await expect.poll(hasRead, { timeout: 30_000 }).toBe(true);
    await pair.keys.sender!.announce();
    expect((await pair.done).isSame).toBe(true);
    pair.stop();
    expect([asksSealed(), pair.prints]).toEqual([true, { sender: [], receiver: [] }]);
  });

  it("carries it as it is to who cannot open sealed bytes", async () => {
    const meeting = new Meeting();
    const pair = meet(meeting, { sender: true, receiver: false });
    expect((await pair.done).isSame).toBe(true);
    expect(Buffer.compare(pair.written, pair.bytes)).toBe(0);
    pair.stop();
    expect(binary(meeting).length).toBe(5);
  });

  it("says that another page took its place, and comes no more", async () => {
    const meeting = new Meeting();
    const pair = meet(meeting, { sender: false, receiver: false });
    await pair.done;
    meeting.sockets.receiver!.end(4008);
    await expect.poll(() => pair.over.receiver, { timeout: 30_000 }).toEqual(["elsewhere"]);
    pair.stop();
  });
});
