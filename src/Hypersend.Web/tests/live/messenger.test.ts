import { describe, expect, it } from "vitest";
import { memoryRecords } from "../../src/core/storage/records";
import { FakeBrowser, FakeServer, ManualClock, openTab, settle, texts, world } from "./world";

describe("the list of chats", () => {
  it("is there after the first hello, with what waits", async () => {
    const { m } = await world();
    expect(m.status.value).toBe("live");
    expect(m.chats.chats.value.map((chat) => [chat.id, chat.unread, chat.last_message?.content])).toEqual([["film", 3, "m3"]]);
    expect(m.chats.unread.value).toBe(3);
  });

  it("shows what I wrote last while it waits", async () => {
    const { server, clock, m } = await world();
    server.up = false;
    server.cut();
    await clock.pass(1_000);
    m.outbox.send({ chatId: "film", content: "first" });
    m.outbox.send({ chatId: "film", content: "later", sendAt: "2099-01-01T00:00:00Z" });
    expect(m.chats.chat("film").value?.last_waiting?.content).toBe("first");
    server.up = true;
    await clock.pass(60_000);
    expect(m.chats.chat("film").value).toMatchObject({ last_waiting: null, pending: 0 });
  });

  it("moves what is new to the top, below what is pinned", async () => {
    const { server, m } = await world();
    server.addChat("pinned");
    server.tell({ type: "chat.created", chat_id: "pinned", rev: 0, chat: server.chats.get("pinned")!.chat });
    await settle();
    await m.chats.pin("pinned", true);
    server.say("film", "ben", "m4");
    expect(m.chats.chats.value.map((chat) => chat.id)).toEqual(["pinned", "film"]);
  });

  it("keeps the same object for a chat in which nothing happened", async () => {
    const { server, m } = await world();
    server.addChat("other", ["hi"]);
    server.cut();
    await settle();
    const before = m.chats.chat("film").value;
    server.say("other", "ben", "again");
    expect(m.chats.chat("film").value).toBe(before);
  });

  it("saves a draft a moment after the last key, also one written without a network", async () => {
    const { server, clock, m } = await world();
    m.chats.draft("film", "ha");
    m.chats.draft("film", "half a");
    expect(m.chats.chat("film").value?.draft).toBe("half a");
    await clock.pass(2_000);
    expect(server.chats.get("film")!.mine.draft).toBe("half a");
    server.up = false;
    server.cut();
    m.chats.draft("film", "half a word");
    await clock.pass(2_000);
    expect(server.chats.get("film")!.mine.draft).toBe("half a");
    server.up = true;
    await clock.pass(60_000);
    expect(server.chats.get("film")!.mine.draft).toBe("half a word");
  });
});

describe("a window of messages", () => {
  it("opens at the end and follows it", async () => {
    const { server, m, tab } = await world();
    m.chats.read("film", 3);
    const window = m.messages.messagesOf("film");
    await window.open();
    expect(texts(tab, "film")).toEqual(["m1", "m2", "m3"]);
    server.say("film", "ben", "m4");
    expect(texts(tab, "film")).toEqual(["m1", "m2", "m3", "m4"]);
    expect([window.hasBefore.value, window.hasAfter.value]).toEqual([false, false]);
  });

  it("waits for what is unread where the chat came before its counts, and keeps no such chat for the next start", async () => {
    const server = new FakeServer();
    server.addChat("film", Array.from({ length: 100 }, (_, i) => `m${i + 1}`));
    server.read("film", 10);
    server.pausesInHello = true;
    const [clock, records] = [new ManualClock(), memoryRecords()];
    const { messenger: m } = openTab(server, clock, null, records);
    await settle();
    expect(m.chats.chat("film").value?.unread).toBe(0);
    const window = m.messages.messagesOf("film");
    const opening = window.open();
    await clock.pass(2_000);
    expect(window.ready.value).toBe(false);
    expect(await records.all("chats")).toEqual([]);
    server.finish();
    await opening;
    expect(window.unreadFrom.value).toBe(11);
    await clock.pass(2_000);
    expect(await records.all("chats")).toHaveLength(1);
  });

  it("opens at the first unread message, and keeps that place", async () => {
    const { m } = await world(200);
    const window = m.messages.messagesOf("film");
    await window.open();
    expect(window.unreadFrom.value).toBe(1);
    expect(window.items.value[0]).toMatchObject({ message: { seq: 1 } });
    expect([window.hasBefore.value, window.hasAfter.value, window.newer.value > 100]).toEqual([false, true, true]);
  });

  it("never holds more than its limit, whichever way it goes", async () => {
    const { m, tab } = await world(200);
    const window = m.messages.messagesOf("film");
    await window.jumpToEnd();
    for (let i = 0; i < 8; i++) {
      await window.loadBefore();
      expect(window.items.value.length).toBeLessThanOrEqual(60);
    }
    expect(texts(tab, "film")[0]).toBe("m21");
    await window.loadBefore();
    expect([texts(tab, "film")[0], window.hasBefore.value, window.hasAfter.value]).toEqual(["m1", false, true]);
    for (let i = 0; i < 10 && window.hasAfter.value; i++) await window.loadAfter();
    expect([texts(tab, "film").at(-1), window.hasAfter.value, window.items.value.length]).toEqual(["m200", false, 60]);
  });

  it("jumps to any message and back to the end", async () => {
    const { m, tab, server } = await world(200);
    const window = m.messages.messagesOf("film");
    expect(await window.jumpTo("film.90")).toBe(90);
    expect(texts(tab, "film")).toContain("m90");
    server.say("film", "ben", "m201");
    expect(texts(tab, "film")).not.toContain("m201");
    await window.jumpToEnd();
    expect(texts(tab, "film").at(-1)).toBe("m201");
  });

  it("shows the edit of somebody else, and mine before the server has it", async () => {
    const { server, m, tab } = await world();
    await m.messages.messagesOf("film").jumpToEnd();
    server.change("film.2", { content: "changed" });
    expect(texts(tab, "film")).toEqual(["m1", "changed", "m3"]);
    const editing = m.messages.edit("film.3", "mine now");
    expect(texts(tab, "film")).toEqual(["m1", "changed", "mine now"]);
    await editing;
    expect(server.chats.get("film")!.messages[2]!.content).toBe("mine now");
    expect(m.messages.messagesOf("film").items.value[2]).toMatchObject({ editing: false });
  });

  it("takes back a deletion in time, and deletes after it", async () => {
    const { server, clock, m } = await world();
    await m.messages.messagesOf("film").jumpToEnd();
    const first = m.messages.remove(["film.1"]);
    expect(m.messages.messagesOf("film").items.value[0]).toMatchObject({ removing: true });
    expect(first.undo()).toBe(true);
    expect(await first.done).toBe(false);
    const second = m.messages.remove(["film.2"]);
    await clock.pass(5_000);
    expect([await second.done, second.undo()]).toEqual([true, false]);
    expect(server.chats.get("film")!.messages.map((message) => message.deleted_at !== null)).toEqual([false, true, false]);
  });

  it("deletes at once what waited to be taken back when the page is closed", async () => {
    const { server, m } = await world();
    await m.messages.messagesOf("film").jumpToEnd();
    const removal = m.messages.remove(["film.1", "film.3"]);
    m.leaving();
    expect([await removal.done, removal.undo()]).toEqual([true, false]);
    expect(server.chats.get("film")!.messages.map((message) => message.deleted_at !== null)).toEqual([true, false, true]);
    expect(server.calls.filter((call) => call.method === "DELETE").every((call) => call.keepalive)).toBe(true);
  });

  it("deletes after a reload what a page that went had no moment to delete", async () => {
    const { server, clock } = await world();
    const records = memoryRecords();
    // The clock of a page that is gone stands still.
    const first = openTab(server, new ManualClock(), null, records);
    await settle();
    first.messenger.messages.remove(["film.1"]);
    first.messenger.messages.remove(["film.2"]).undo();
    await settle();
    const second = openTab(server, clock, null, records);
    await settle();
    await second.messenger.messages.messagesOf("film").jumpToEnd();
    expect(second.messenger.messages.messagesOf("film").items.value[0]).toMatchObject({ removing: true });
    await clock.pass(10_000);
    expect(server.chats.get("film")!.messages.map((message) => message.deleted_at !== null)).toEqual([true, false, false]);
    expect(await records.all("facts")).not.toContainEqual(expect.objectContaining({ removes: "film.1" }));
  });

  it("comes back to its place after a reset", async () => {
    const { server, m, tab } = await world(100);
    await m.messages.messagesOf("film").jumpToEnd();
    const room = server.chats.get("film")!;
    server.tell({ type: "sync", chat: { ...room.chat, rev: 900 }, messages: room.messages.slice(-5).map((message) => ({ ...message, rev: 900 })), users: [], rev: 900, reset: true });
    await settle();
    expect(texts(tab, "film").at(-1)).toBe("m100");
    expect(texts(tab, "film").length).toBeGreaterThanOrEqual(5);
  });
});

describe("the connection", () => {
  it("comes back after a cut and misses nothing", async () => {
    const { server, clock, m, tab } = await world();
    await m.messages.messagesOf("film").jumpToEnd();
    server.cut();
    expect(m.status.value).toBe("offline");
    server.say("film", "ben", "meanwhile");
    await clock.pass(1_000);
    expect([m.status.value, texts(tab, "film").at(-1)]).toEqual(["live", "meanwhile"]);
  });

  it("takes the long poll where no socket gets through", async () => {
    const server = new FakeServer();
    const clock = new ManualClock();
    server.addChat("film", ["m1"]);
    server.takesSockets = false;
    const tab = openTab(server, clock);
    await settle();
    await clock.pass(10_000);
    expect(tab.messenger.status.value).toBe("live");
    await tab.messenger.messages.messagesOf("film").jumpToEnd();
    tab.messenger.outbox.send({ chatId: "film", content: "by post" });
    await settle();
    server.say("film", "ben", "heard");
    await settle();
    expect(texts(tab, "film")).toEqual(["m1", "by post", "heard"]);
  });

  it("starts afresh when the database has another life", async () => {
    const { server, clock, m } = await world();
    server.chats.delete("film");
    server.addChat("new", ["x"]);
    server.epoch = "e2";
    server.cut(1012, '{"retry_ms": 100}');
    await clock.pass(200);
    await clock.pass(2_000);
    expect(m.chats.chats.value.map((chat) => chat.id)).toEqual(["new"]);
  });

  it("notices a line that died without a word", async () => {
    const { server, clock, m } = await world();
    const [socket] = server.sockets;
    socket!.hear = () => {};
    await clock.pass(70_000);
    expect(server.sockets.has(socket!)).toBe(false);
    expect(m.status.value).toBe("live");
  });

  it("comes back from a frame that nobody can understand", async () => {
    const { server, clock, m, tab } = await world();
    await m.messages.messagesOf("film").jumpToEnd();
    server.tell({ type: "message", chat_id: "film", rev: server.chats.get("film")!.chat.rev + 1, message: null });
    expect(m.status.value).not.toBe("live");
    await clock.pass(2_000);
    server.say("film", "ben", "after");
    expect([m.status.value, texts(tab, "film").at(-1)]).toEqual(["live", "after"]);
  });

  it("starts without a cache that another version wrote", async () => {
    const server = new FakeServer();
    const clock = new ManualClock();
    server.addChat("film", ["m1"]);
    const records = memoryRecords();
    await records.put("facts", [["state", { epoch: "e1", shape: 0, reads: [] }]]);
    await records.put("chats", [["film", { id: "film", nonsense: true }]]);
    const tab = openTab(server, clock, null, records);
    await settle();
    expect(tab.messenger.chats.chats.value.map((chat) => chat.last_message?.content)).toEqual(["m1"]);
  });

  it("shows what is cached when the server is away", async () => {
    const server = new FakeServer();
    const clock = new ManualClock();
    server.addChat("film", ["m1", "m2"]);
    const records = memoryRecords();
    const first = openTab(server, clock, null, records);
    await settle();
    await first.messenger.messages.messagesOf("film").jumpToEnd();
    await clock.pass(2_000);
    await first.messenger.stop();
    server.up = false;
    const second = openTab(server, clock, null, records);
    await settle();
    await second.messenger.messages.messagesOf("film").open();
    expect(texts(second, "film")).toEqual(["m1", "m2"]);
    server.up = true;
    server.say("film", "ben", "m3");
    await clock.pass(40_000);
    expect(texts(second, "film")).toEqual(["m1", "m2", "m3"]);
  });
});

describe("several tabs", () => {
  async function pair() {
    const server = new FakeServer();
    const clock = new ManualClock();
    const browser = new FakeBrowser();
    const records = memoryRecords();
    server.addChat("film", ["m1"]);
    const one = openTab(server, clock, browser, records);
    await settle();
    const two = openTab(server, clock, browser, records);
    await settle();
    return { server, clock, browser, records, one, two };
  }

  it("share one connection and stay in step", async () => {
    const { server, one, two } = await pair();
    expect([one.messenger.leading.value, two.messenger.leading.value, server.sockets.size]).toEqual([true, false, 1]);
    await two.messenger.messages.messagesOf("film").jumpToEnd();
    server.say("film", "ben", "to both");
    await settle();
    expect(texts(two, "film")).toEqual(["m1", "to both"]);
    expect(two.messenger.chats.chat("film").value?.unread).toBe(2);
    two.messenger.chats.read("film", 2);
    await settle();
    expect(one.messenger.chats.chat("film").value?.unread).toBe(0);
  });

  it("send through the one that leads, and both see it", async () => {
    const { server, one, two } = await pair();
    two.messenger.outbox.send({ chatId: "film", content: "from the second" });
    await settle();
    expect(server.chats.get("film")!.messages.map((message) => message.content)).toEqual(["m1", "from the second"]);
    expect([one.messenger.outbox.entries.value, two.messenger.outbox.entries.value]).toEqual([[], []]);
  });

  it("keep what was not sent and nothing else when the session was ended from elsewhere", async () => {
    const clock = new ManualClock();
    const server = new FakeServer();
    server.addChat("film", ["m1"]);
    const records = memoryRecords();
    const tab = openTab(server, clock, null, records);
    await settle();
    await clock.pass(10_000);
    expect((await records.all("chats")).length).toBe(1);
    server.up = false;
    server.cut();
    tab.messenger.outbox.send({ chatId: "film", content: "not yet" });
    await settle();
    await tab.messenger.stop("unsent");
    await clock.pass(10_000);
    expect([(await records.all("chats")).length, (await records.all("outbox")).length]).toEqual([0, 1]);
  });

  it("one takes over when the other closes, and sends what it left", async () => {
    const { server, clock, one, two } = await pair();
    server.up = false;
    server.cut();
    one.messenger.outbox.send({ chatId: "film", content: "left behind" });
    await settle();
    await one.messenger.stop();
    server.up = true;
    await clock.pass(30_000);
    expect([two.messenger.leading.value, two.messenger.status.value]).toEqual([true, "live"]);
    expect(server.chats.get("film")!.messages.map((message) => message.content)).toEqual(["m1", "left behind"]);
    expect(two.messenger.outbox.entries.value).toEqual([]);
  });

  it("watch together through one socket, also after it broke, and are away when all are left alone", async () => {
    const { server, clock, one, two } = await pair();
    const said = () => [...server.sockets][0]!.sent.filter((frame) => String(frame.type).startsWith("presence")).map((frame) => frame.user_ids ?? frame.status);
    one.messenger.people.watch("list", ["ben"]);
    two.messenger.people.watch("list", ["cy"]);
    await settle();
    expect(said()).toEqual([["ben"], ["ben", "cy"]]);
    one.messenger.people.idle(true);
    two.messenger.people.idle(false);
    await settle();
    expect(said()).toHaveLength(2);
    two.messenger.people.setStatus("busy");
    two.messenger.people.idle(true);
    await settle();
    expect(said().slice(2)).toEqual(["busy", "away"]);
    server.cut();
    await clock.pass(2_000);
    expect(said()).toEqual(["away", ["ben", "cy"]]);
    two.messenger.people.idle(false);
    await settle();
    expect(said().at(-1)).toBe("busy");
    server.tell({ type: "presence", user_id: "cy", status: "dnd", presence: "dnd", last_seen: null });
    await settle();
    expect([one, two].map((tab) => tab.messenger.people.presence("cy").value)).toEqual(Array(2).fill({ status: "dnd", online: true, lastSeen: null }));
  });
});
