import { describe, expect, it } from "vitest";
import type { Message } from "../src/core/api/types";
import type { Entry } from "../src/core/model";
import { placeOf, paths } from "../src/core/places";
import { rowsOf, type Row } from "../src/features/messages/rows";
import { around, earlier, later, newest, rangeOf } from "../src/features/messages/slice";

const entry = (seq: number, sender: string, at: string, type = "text"): Entry => ({
  kind: "message", key: `k${seq}`, mine: sender === "me", state: null, removing: false, editing: false,
  message: { id: `c.${seq}`, seq, type, created_at: at, sender: { id: sender } } as Message,
});
const shape = (rows: Row[]): string =>
  rows.map((row) => (row.kind === "entry" ? `${row.first ? "(" : ""}${row.key}${row.last ? ")" : ""}` : row.kind)).join(" ");

describe("the rows of a conversation", () => {
  it("stand together by sender and time, and apart by day", () => {
    expect(shape(rowsOf([
      entry(1, "ana", "2026-01-01T10:00:00"), entry(2, "ana", "2026-01-01T10:01:00"), entry(3, "me", "2026-01-01T10:02:00"),
      entry(4, "me", "2026-01-01T11:02:00"), entry(5, "me", "2026-01-02T11:02:00"),
    ], null))).toBe("day (k1 k2) (k3) (k4) day (k5)");
  });
  it("are parted by the unread line", () => {
    expect(shape(rowsOf([entry(1, "ana", "2026-01-01T10:00:00"), entry(2, "ana", "2026-01-01T10:01:00")], 2))).toBe("day (k1) unread (k2)");
  });
  it("have no unread line where older ones are cut off", () => {
    expect(shape(rowsOf([entry(7, "ana", "2026-01-01T10:00:00")], 2))).toBe("day (k7)");
  });
  it("say what is missing before what waits to be sent", () => {
    const waits = { kind: "pending", key: "p", pending: { createdAt: "2026-01-01T10:01:00" } } as Entry;
    const rows = (gap: boolean): string => shape(rowsOf([entry(1, "me", "2026-01-01T10:00:00"), waits, { ...waits, key: "q" }], null, undefined, gap));
    expect([rows(true), rows(false)]).toEqual(["day (k1) gap (p q)", "day (k1 p q)"]);
  });
  it("keep notes of the chat out of groups", () => {
    expect(shape(rowsOf([
      entry(1, "ana", "2026-01-01T10:00:00"), entry(2, "ana", "2026-01-01T10:00:10", "system"), entry(3, "ana", "2026-01-01T10:00:20"),
    ], null))).toBe("day (k1) (k2) (k3)");
  });
});

describe("pictures that were sent together", () => {
  const at = (second: number): string => `2026-01-01T10:00:${String(second).padStart(2, "0")}`;
  const bare = (one: Entry): boolean => one.kind === "message" && one.message.type === "image";
  const places = (entries: Entry[]): string =>
    rowsOf(entries, null, bare).map((row) => (row.kind === "entry" ? `${row.tile ?? "-"}${row.last ? ")" : ""}` : row.kind)).join(" ");
  const pictures = (count: number, sender = "ana"): Entry[] => Array.from({ length: count }, (_, i) => entry(i + 1, sender, at(i), "image"));

  it("stand side by side, an odd last one across both", () => {
    expect(places(pictures(1))).toBe("day -)");
    expect(places(pictures(2))).toBe("day start) end)");
    expect(places(pictures(3))).toBe("day start end wide)");
    expect(places(pictures(4))).toBe("day start end start) end)");
  });
  it("are parted by words, by another sender and by time", () => {
    expect(places([...pictures(2), entry(3, "ana", at(3)), entry(4, "ana", at(4), "image")])).toBe("day start end - -)");
    expect(places([...pictures(2), entry(3, "ben", at(3), "image")])).toBe("day start) end) -)");
    expect(places([...pictures(2), entry(3, "ana", "2026-01-01T11:00:00", "image")])).toBe("day start) end) -)");
  });
  it("are parted by the unread line", () => {
    expect(rowsOf(pictures(4), 3, bare).map((row) => (row.kind === "entry" ? row.tile : row.kind))).toEqual(["day", "start", "end", "unread", "start", "end"]);
  });
});

describe("the part of the list that is in the page", () => {
  const keys = Array.from({ length: 1000 }, (_, index) => `k${index}`);
  it("follows the end and drops the oldest", () => {
    const slice = newest(keys, 60);
    expect(rangeOf(keys, slice)).toEqual([940, 1000]);
    const more = [...keys, ...Array.from({ length: 200 }, (_, index) => `n${index}`)];
    expect(rangeOf(more, slice)).toEqual([1040, 1200]);
  });
  it("grows towards the past, then lets go of the end", () => {
    let slice = newest(keys, 60);
    for (let step = 0; step < 4; step++) slice = earlier(keys, slice, 60);
    expect(rangeOf(keys, slice)).toEqual([700, 860]);
    expect(slice.last).toBe("k859");
  });
  it("comes back to the end", () => {
    let slice = around(keys, "k500", 60);
    for (let step = 0; step < 20; step++) slice = later(keys, slice, 60);
    expect(slice.last).toBeNull();
    expect(rangeOf(keys, slice)).toEqual([840, 1000]);
  });
  it("stays where it is when older ones are loaded before it", () => {
    const slice = newest(keys.slice(500), 500);
    const shown = keys.slice(...rangeOf(keys, earlier(keys.slice(500), slice, 0)));
    expect(shown.at(-1)).toBe("k999");
  });
  it("never holds more than it may", () => {
    let slice = newest(keys, 60);
    for (let step = 0; step < 50; step++) {
      slice = step % 3 ? earlier(keys, slice, 60) : later(keys, slice, 40);
      const [start, end] = rangeOf(keys, slice);
      expect(end - start).toBeLessThanOrEqual(160);
      expect(start).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("addresses", () => {
  it("lead back to where they came from", () => {
    expect(placeOf(paths.chat("a b"))).toEqual({ name: "chat", chat: "a b" });
    expect(placeOf(paths.message("x", 12))).toEqual({ name: "chat", chat: "x", seq: 12 });
    expect(placeOf(paths.thread("x", 3))).toEqual({ name: "chat", chat: "x", thread: 3 });
    expect(placeOf(paths.details("x"))).toEqual({ name: "chat", chat: "x", details: true });
    expect(placeOf("/account/security")).toEqual({ name: "settings", section: "security" });
  });
  it.each(["/c", "/c/x/m/no", "/c/x/m/-1", "/c/x/y/z/w", "/%", "/what", "/contacts/x"])("%s leads nowhere", (path) => {
    expect(placeOf(path)).toEqual({ name: "nowhere" });
  });
});
