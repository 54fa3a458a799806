import { describe, expect, it } from "vitest";
import { memoryRecords } from "../../src/core/storage/records";
import { FakeBrowser, FakeServer, ManualClock, openTab, settle, type Tab } from "./world";

/** Small numbers that are the same each time. */
function dice(seed: number): (sides: number) => number {
  let state = seed * 2_654_435_761;
  return (sides) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_507) + 0x9e3779b9) | 0;
    return Math.abs(state ^ (state >>> 13)) % sides;
  };
}

const seeds = Array.from({ length: 24 }, (_, i) => i + 1);

/** Anything in any order: people talk, lines are cut, tabs come and go. In the end every tab shows what the server has. */
describe("after a storm every tab is as the server is, and what was sent is there once:", () => {
  it.each(seeds)("seed %i", async (seed) => {
    const roll = dice(seed);
    const server = new FakeServer();
    const clock = new ManualClock();
    const browser = new FakeBrowser();
    const records = memoryRecords();
    const chats = ["film", "trip"];
    for (const chat of chats) server.addChat(chat, ["hello", "there"]);
    let tabs: Tab[] = [openTab(server, clock, browser, records)];
    await settle();
    const sent: string[] = [];

    for (let step = 0; step < 120; step++) {
      const chat = chats[roll(2)]!;
      const tab = tabs[roll(tabs.length)]!;
      const room = server.chats.get(chat)!;
      switch (roll(13)) {
        case 0:
        case 1:
          server.say(chat, "ben", `b${step}`);
          break;
        case 2:
        case 3: {
          const content = `a${step}`;
          sent.push(`${chat}:${content}`);
          tab.messenger.outbox.send({ chatId: chat, content });
          break;
        }
        case 4:
          server.change(room.messages[roll(room.messages.length)]!.id, { content: `e${step}` });
          break;
        case 5:
          server.change(room.messages[roll(room.messages.length)]!.id, { content: null, deleted_at: "2026-11-21T09:30:00.000Z" });
          break;
        case 6:
          server.cut(roll(2) ? 1006 : 1012, '{"retry_ms": 20}');
          break;
        case 7:
          server.up = !server.up;
          if (!server.up) server.cut();
          break;
        case 8:
          if (tabs.length < 3) tabs.push(openTab(server, clock, browser, records));
          break;
        case 9:
          if (tabs.length > 1) {
            tabs = tabs.filter((other) => other !== tab);
            void tab.messenger.stop();
          }
          break;
        case 10:
          tab.messenger.messages.messagesOf(chat).jumpToEnd().catch(() => {});
          break;
        case 11:
          tab.messenger.chats.read(chat, 1 + roll(room.chat.last_seq));
          break;
        case 12:
          await clock.pass(roll(3_000));
          break;
      }
      if (roll(2)) await settle();
    }

    server.up = true;
    for (let i = 0; i < 8; i++) await clock.pass(30_000);
    for (const chat of chats) {
      const said = server.chats.get(chat)!.messages;
      const contents = sent.filter((one) => one.startsWith(`${chat}:`)).map((one) => one.slice(5));
      const mine = said.filter((message) => message.client_id !== null);
      expect(new Set(mine.map((message) => message.client_id)).size, "each once").toBe(mine.length);
      expect(mine.length, "all of them").toBe(contents.length);
      for (const tab of tabs) {
        const window = tab.messenger.messages.messagesOf(chat);
        await window.jumpToEnd();
        const shown = window.items.value.map((entry) => (entry.kind === "message" ? `${entry.message.seq}:${entry.message.rev}:${entry.message.content}` : `pending ${entry.pending.content}`));
        expect(shown).toEqual(said.slice(-shown.length).map((message) => `${message.seq}:${message.rev}:${message.content}`));
        expect(shown.length >= Math.min(said.length, 20) || window.hasBefore.value).toBe(true);
        expect(tab.messenger.outbox.entries.value).toEqual([]);
        expect(tab.messenger.chats.chat(chat).value).toMatchObject({
          last_seq: server.chats.get(chat)!.chat.last_seq, read_seq: server.chats.get(chat)!.mine.read_seq, unread: server.chats.get(chat)!.mine.unread, pending: 0, failed: false,
        });
      }
    }
    expect(tabs.filter((tab) => tab.messenger.leading.value)).toHaveLength(1);
    expect(server.sockets.size).toBe(1);
    for (const tab of tabs) await tab.messenger.stop();
  });
});
