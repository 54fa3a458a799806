import { describe, expect, it } from "vitest";
import { Problem } from "../../src/core/problem";
import { memoryRecords } from "../../src/core/storage/records";
import { FakeBrowser, ManualClock, openTab, settle, texts } from "../live/world";
import { fileOf, until } from "./chunkServer";
import { chunk, FileServer, isDone, only, world } from "./fileServer";

describe("a file that is sent", () => {
  it("is a message at once, goes chunk by chunk and ends verified", async () => {
    const { clock, server, tab } = await world();
    await tab.messenger.messages.messagesOf("film").jumpToEnd();
    const picture = new Blob([new Uint8Array(10)], { type: "image/webp" });
    tab.messenger.outbox.send({ chatId: "film", content: "look", files: [{ file: fileOf(10 * chunk), thumbnail: Promise.resolve(picture) }] });
    expect(only(tab)).toMatchObject({ state: "waiting", card: { name: "film.mkv", size: 10 * chunk } });
    await until(clock, isDone(tab));
    expect(only(tab)).toMatchObject({ verified: true, received: 10 * chunk, problem: null });
    expect(texts(tab, "film")).toEqual(["m1", "look"]);
    expect([server.thumbnails.length, server.inits[0]!.caption]).toEqual([1, "look"]);
    expect(tab.messenger.transfers.ofFile(only(tab).fileId!).value).toBe(only(tab));
  });

  it("keeps its place among messages, and several keep their order", async () => {
    const { clock, server, tab } = await world();
    tab.messenger.outbox.send({ chatId: "film", content: "first" });
    tab.messenger.outbox.send({ chatId: "film", content: "caption", files: [{ file: fileOf(chunk, "a") }, { file: fileOf(chunk, "b") }] });
    tab.messenger.outbox.send({ chatId: "film", content: "last" });
    await until(clock, isDone(tab));
    expect(server.chats.get("film")!.messages.map((message) => message.content)).toEqual(["m1", "first", "caption", "", "last"]);
    expect(server.inits.map((init) => init.filename)).toEqual(["a", "b"]);
  });

  it("is not verified when the server computed something else", async () => {
    const { clock, server, tab } = await world();
    server.root = "00";
    tab.messenger.outbox.send({ chatId: "film", files: [{ file: fileOf(3 * chunk) }] });
    await until(clock, isDone(tab));
    expect(only(tab).verified).toBe(false);
  });

  it("waits for its turn when too many are open, and fails with the reason when there is no room", async () => {
    const { clock, server, tab } = await world();
    server.refuseInit = new Problem(409, "too_many_uploads");
    tab.messenger.outbox.send({ chatId: "film", files: [{ file: fileOf(chunk) }] });
    await until(clock, () => server.inits.length >= 2);
    expect(tab.messenger.outbox.entries.value[0]!.state).not.toBe("failed");
    server.refuseInit = new Problem(507, "quota_exceeded");
    await until(clock, () => tab.messenger.outbox.entries.value[0]!.state === "failed");
    expect(tab.messenger.outbox.entries.value[0]!.problem?.code).toBe("quota_exceeded");
    server.refuseInit = null;
    tab.messenger.outbox.retry(tab.messenger.outbox.entries.value[0]!.id);
    await until(clock, isDone(tab));
  });

  it("sends what the server wrongly said it had", async () => {
    const { clock, server, tab } = await world();
    server.prepare = (chunks) => (chunks.says = (received) => (chunks.statusCalls === 0 ? [[0, 3]] : received));
    tab.messenger.outbox.send({ chatId: "film", files: [{ file: fileOf(4 * chunk) }] });
    await until(clock, isDone(tab));
    expect([server.completes, only(tab).verified]).toEqual([2, true]);
  });
});

describe("somebody", () => {
  it("pauses, and goes on without sending anything twice", async () => {
    const { clock, server, tab } = await world();
    server.prepare = (chunks) => (chunks.trouble = () => "slow");
    tab.messenger.outbox.send({ chatId: "film", files: [{ file: fileOf(20 * chunk) }] });
    await until(clock, () => (server.uploads.values().next().value?.chunks.size ?? 0) >= 4);
    const id = only(tab).id;
    tab.messenger.transfers.pause(id);
    await until(clock, () => true);
    const [upload] = server.uploads.values();
    const had = upload!.chunks.size;
    await clock.pass(60_000);
    expect([only(tab).state, upload!.chunks.size - had <= 4]).toEqual(["paused", true]);
    tab.messenger.transfers.resume(id);
    await until(clock, isDone(tab));
    expect(only(tab).verified).toBe(true);
  });

  it("pauses, and sees what is there, not what was on the line", async () => {
    const { clock, server, tab } = await world();
    server.prepare = (chunks) => (chunks.trouble = (index) => (index < 4 ? null : "stall"));
    tab.messenger.outbox.send({ chatId: "film", files: [{ file: fileOf(20 * chunk) }] });
    await until(clock, () => only(tab).received > 4 * chunk);
    tab.messenger.transfers.pause(only(tab).id);
    await until(clock, () => only(tab).received === 4 * chunk);
    expect(only(tab)).toMatchObject({ state: "paused", speed: 0, eta: null });
  });

  it("comes back with the server, and what waited for its next try goes at once", async () => {
    const { clock, server, tab } = await world();
    server.prepare = (chunks) => (chunks.trouble = (_, attempt) => (attempt === 0 ? new Problem(503, "unavailable", { retryAfter: 3_600 }) : null));
    tab.messenger.outbox.send({ chatId: "film", files: [{ file: fileOf(4 * chunk) }] });
    await until(clock, () => only(tab).problem?.code === "unavailable");
    server.cut();
    const start = clock.now();
    await until(clock, isDone(tab));
    expect(clock.now() - start).toBeLessThan(10_000);
  });

  it("cancels, and the server forgets it", async () => {
    const { clock, server, tab } = await world();
    server.prepare = (chunks) => (chunks.trouble = () => "slow");
    tab.messenger.outbox.send({ chatId: "film", files: [{ file: fileOf(20 * chunk) }] });
    await until(clock, () => server.uploads.size === 1 && only(tab).state === "running");
    await tab.messenger.transfers.cancel(only(tab).id);
    expect([only(tab).state, server.uploads.size]).toEqual(["cancelled", 0]);
    tab.messenger.transfers.clear();
    expect(tab.messenger.transfers.transfers.value).toEqual([]);
  });
});

describe("after a reload", () => {
  const large = 17 * 1024 * 1024;

  async function reloaded(file: File, paused = false) {
    const { clock, server, records, tab } = await world();
    server.prepare = (chunks) => (chunks.trouble = () => "slow");
    tab.messenger.outbox.send({ chatId: "film", files: [{ file }] });
    await until(clock, () => server.uploads.size === 1 && only(tab).state === "running");
    let kept: { prints?: string | null }[] = [];
    await until(clock, () => (void records.all("transfers").then((all) => (kept = all as typeof kept)), Boolean(kept[0]?.prints)));
    if (paused) tab.messenger.transfers.pause(only(tab).id);
    // The page is gone without a word.
    server.prepare = () => {};
    for (const upload of server.uploads.values()) upload.trouble = () => null;
    await tab.messenger.stop();
    const next = openTab(server, clock, null, records);
    await settle();
    await until(clock, () => next.messenger.transfers.transfers.value.length === 1);
    return { clock, server, next };
  }

  it("a small one goes on by itself", async () => {
    const { clock, next } = await reloaded(fileOf(30 * chunk));
    await until(clock, isDone(next));
    expect(only(next).verified).toBe(true);
  });

  it("a large one asks for the same file, and takes no other", async () => {
    const { next } = await reloaded(fileOf(large));
    expect(only(next).state).toBe("needs-file");
    await expect(next.messenger.transfers.give(only(next).id, fileOf(large, "other.mkv"))).rejects.toMatchObject({ code: "other_file" });
    await expect(next.messenger.transfers.give(only(next).id, fileOf(large, "film.mkv", 9))).rejects.toMatchObject({ code: "other_file" });
    await next.messenger.transfers.give(only(next).id, fileOf(large));
    expect(["waiting", "running"]).toContain(only(next).state);
    next.messenger.transfers.pause(only(next).id);
  });

  it("a large one that was paused asks for the file at once, and a small one stays paused", async () => {
    expect(only((await reloaded(fileOf(large), true)).next).state).toBe("needs-file");
    expect(only((await reloaded(fileOf(30 * chunk), true)).next).state).toBe("paused");
  });
});

describe("in two tabs", () => {
  it("one carries an upload, the other shows it and may pause it", async () => {
    const clock = new ManualClock();
    const server = new FileServer(clock);
    const browser = new FakeBrowser();
    const records = memoryRecords();
    server.addChat("film", ["m1"]);
    const one = openTab(server, clock, browser, records);
    await settle();
    const two = openTab(server, clock, browser, records);
    await settle();
    server.prepare = (chunks) => (chunks.trouble = () => "slow");
    two.messenger.outbox.send({ chatId: "film", files: [{ file: fileOf(30 * chunk) }] });
    await until(clock, () => two.messenger.transfers.transfers.value[0]?.state === "running" && one.messenger.transfers.transfers.value[0]?.state === "running");
    expect([only(one).elsewhere, only(two).elsewhere]).toEqual([true, false]);
    one.messenger.transfers.pause(only(one).id);
    await settle();
    expect([only(two).state, only(one).state]).toEqual(["paused", "paused"]);
    one.messenger.transfers.resume(only(one).id);
    for (const upload of server.uploads.values()) upload.trouble = () => null;
    await until(clock, isDone(two));
    expect(isDone(one)()).toBe(true);
  });
});
