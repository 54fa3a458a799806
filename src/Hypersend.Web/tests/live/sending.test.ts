import { describe, expect, it } from "vitest";
import { Problem } from "../../src/core/problem";
import { memoryRecords } from "../../src/core/storage/records";
import { FakeServer, ManualClock, openTab, settle, texts, world } from "./world";

describe("sending", () => {
  it("is shown at once and becomes the message under the same key", async () => {
    const { m, tab } = await world();
    await m.messages.messagesOf("film").jumpToEnd();
    const [entry] = m.outbox.send({ chatId: "film", content: "mine" });
    expect(texts(tab, "film").at(-1)).toBe("…mine");
    const key = m.messages.messagesOf("film").items.value.at(-1)!.key;
    await settle();
    const last = m.messages.messagesOf("film").items.value.at(-1)!;
    expect(last).toMatchObject({ kind: "message", key, state: "sent", message: { content: "mine", client_id: entry!.id } });
    expect(m.outbox.entries.value).toEqual([]);
  });

  it("turns to delivered and read as the others say so", async () => {
    const { server, m } = await world();
    await m.messages.messagesOf("film").jumpToEnd();
    m.outbox.send({ chatId: "film", content: "mine" });
    await settle();
    const state = () => (m.messages.messagesOf("film").items.value.at(-1) as { state: string }).state;
    server.tell({ type: "delivered", chat_id: "film", user_id: "ben", seq: 4 });
    expect(state()).toBe("delivered");
    server.tell({ type: "read", chat_id: "film", user_id: "ben", seq: 4 });
    expect(state()).toBe("read");
  });

  it("waits while there is no network, and then goes once and in order", async () => {
    const { server, clock, m } = await world();
    server.up = false;
    server.cut();
    for (const content of ["a", "b", "c"]) m.outbox.send({ chatId: "film", content });
    await clock.pass(60_000);
    expect(m.outbox.of("film").value.map((entry) => entry.state)).toEqual(["queued", "queued", "queued"]);
    expect(m.chats.chat("film").value?.pending).toBe(3);
    server.up = true;
    await clock.pass(60_000);
    expect(server.chats.get("film")!.messages.slice(3).map((message) => message.content)).toEqual(["a", "b", "c"]);
  });

  it("survives a reload, and is not sent twice when the answer was lost", async () => {
    const server = new FakeServer();
    const clock = new ManualClock();
    server.addChat("film", ["m1"]);
    const records = memoryRecords();
    const first = openTab(server, clock, null, records);
    await settle();
    server.up = false;
    server.cut();
    const [entry] = first.messenger.outbox.send({ chatId: "film", content: "late" });
    first.messenger.outbox.send({ chatId: "film", content: "later" });
    await settle();
    await first.messenger.stop();
    server.up = true;
    // The first one had arrived, and only its acknowledgement had not.
    server.say("film", "ana", "late", entry!.id);
    const second = openTab(server, clock, null, records);
    await settle();
    await clock.pass(2_000);
    expect(server.chats.get("film")!.messages.map((message) => message.content)).toEqual(["m1", "late", "later"]);
    expect(second.messenger.outbox.entries.value).toEqual([]);
  });

  it("stops at the first refusal of a chat until somebody decides", async () => {
    const { server, m } = await world();
    server.refuse = (body) => (body.content === "bad" ? new Problem(403, "forbidden") : null);
    const [bad] = m.outbox.send({ chatId: "film", content: "bad" });
    m.outbox.send({ chatId: "film", content: "good" });
    await settle();
    expect(m.outbox.of("film").value.map((entry) => [entry.content, entry.state, entry.problem?.code])).toEqual([["bad", "failed", "forbidden"], ["good", "queued", undefined]]);
    expect(m.chats.chat("film").value?.failed).toBe(true);
    m.outbox.discard(bad!.id);
    await settle();
    expect(server.chats.get("film")!.messages.at(-1)!.content).toBe("good");
  });

  it("says that the server's disk is full while it waits for room there", async () => {
    const { server, clock, m } = await world();
    server.refuse = () => new Problem(507, "storage_full");
    m.outbox.send({ chatId: "film", content: "crumbs" });
    await settle();
    expect(m.outbox.entries.value[0]).toMatchObject({ state: "queued", problem: { code: "storage_full" } });
    server.refuse = () => null;
    await clock.pass(5_000);
    expect(m.outbox.entries.value).toEqual([]);
    expect(server.chats.get("film")!.messages.at(-1)!.content).toBe("crumbs");
  });

  it("holds nothing up for what is for later, and shows what the server refused of it", async () => {
    const { server, m } = await world();
    await m.messages.messagesOf("film").jumpToEnd();
    server.refuse = (body) => (body.send_at ? new Problem(422, "validation_failed") : null);
    const [late] = m.outbox.send({ chatId: "film", content: "in a hundred years", sendAt: "2126-01-01T00:00:00.000Z" });
    m.outbox.send({ chatId: "film", content: "now" });
    await settle();
    expect(server.chats.get("film")!.messages.at(-1)!.content).toBe("now");
    const last = m.messages.messagesOf("film").items.value.at(-1);
    expect(last).toMatchObject({ kind: "pending", pending: { id: late!.id, state: "failed", problem: { code: "validation_failed" } } });
  });
});

describe("what I write far from the end", () => {
  it("leads to the end, with what is at hand of it and the rest when it comes", async () => {
    const { m, tab } = await world(200);
    const window = m.messages.messagesOf("film");
    await window.open();
    const [entry] = m.outbox.send({ chatId: "film", content: "mine" });
    expect([window.hasAfter.value, window.newestMine.value, texts(tab, "film").at(-1)]).toEqual([true, entry!.id, "m11"]);
    await window.jumpToEnd();
    expect(texts(tab, "film").slice(-2)).toEqual(["m200", "mine"]);
    expect([window.newestMine.value, window.hasGap.value, window.items.value.length]).toEqual([null, false, 20]);
  });

  it("stands behind the end that is kept here when there is no network", async () => {
    const { server, clock, m, tab } = await world(200);
    const window = m.messages.messagesOf("film");
    await window.open();
    server.up = false;
    server.cut();
    await clock.pass(1_000);
    m.outbox.send({ chatId: "film", content: "mine" });
    await window.jumpToEnd();
    expect([texts(tab, "film"), window.hasGap.value]).toEqual([["m200", "…mine"], false]);
  });

  it("stands behind a gap where nothing of the end is at hand, until it is", async () => {
    const { server, clock, m } = await world(3);
    const thread = m.messages.threadOf("film.1");
    server.up = false;
    server.cut();
    await clock.pass(1_000);
    await expect(thread.open()).rejects.toMatchObject({ code: "offline" });
    m.outbox.send({ chatId: "film", content: "mine", thread: "film.1" });
    const kinds = () => thread.items.value.map((entry) => entry.kind);
    expect([kinds(), thread.hasGap.value]).toEqual([["pending"], true]);
    // The chat does not follow what is written beside it.
    expect(m.messages.messagesOf("film").newestMine.value).toBeNull();
    server.up = true;
    await thread.jumpToEnd();
    expect([kinds(), thread.hasGap.value]).toEqual([["message", "message", "message", "pending"], false]);
  });
});
