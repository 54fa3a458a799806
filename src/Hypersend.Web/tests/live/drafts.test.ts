import { describe, expect, it } from "vitest";
import type { ApiRequest } from "../../src/core/api/send";
import { memoryRecords, type Records } from "../../src/core/storage/records";
import { deskOf, followDraft } from "../../src/features/messages/desk";
import { FakeServer, ManualClock, openTab, settle, world } from "./world";

const saveMs = 2_000;

/** A server whose answers to a saved draft, and whose word of it to my devices, come when they are let go. */
class SlowServer extends FakeServer {
  readonly asked: unknown[] = [];
  readonly answers: (() => void)[] = [];
  readonly words: object[] = [];
  slow = false;

  protected override async answer(request: ApiRequest): Promise<unknown> {
    if (!this.slow || !request.path.endsWith("/settings")) return super.answer(request);
    this.asked.push((request.body as { draft: unknown }).draft);
    await new Promise<void>((resolve) => this.answers.push(resolve));
    return super.answer(request);
  }

  override tell(frame: object): void {
    if (this.slow && (frame as { type?: string }).type === "chat.settings") this.words.push(frame);
    else super.tell(frame);
  }

  sayNext(): void {
    super.tell(this.words.shift()!);
  }
}

function open() {
  const server = new SlowServer();
  server.addChat("film", ["m1"]);
  const [clock, records] = [new ManualClock(), memoryRecords()];
  return { server, clock, records, m: openTab(server, clock, null, records).messenger };
}

describe("a draft that was taken back", () => {
  it("is not shown by the next page either, however late that reads what this one could not say", async () => {
    const { server, clock, records, m } = open();
    await settle();
    m.chats.draft("film", "half a word");
    await clock.pass(saveMs);
    m.chats.draft("film", "");
    await m.stop();
    expect(server.chats.get("film")!.mine.draft).toBe("half a word");

    const slow: Records = { ...records, all: async (shelf) => {
      if (shelf === "facts") await settle();
      return records.all(shelf);
    } };
    const next = openTab(server, clock, null, slow).messenger;
    const shown: unknown[] = [];
    next.chats.chat("film").subscribe((chat) => chat && shown.push(chat.draft));
    await next.recalled;
    expect(next.chats.chat("film").value).not.toBeNull();
    for (let i = 0; i < 5; i++) await clock.pass(saveMs);
    expect(server.chats.get("film")!.mine.draft).toBeNull();
    expect(new Set(shown)).toEqual(new Set([null]));
    expect(await records.get("facts", "draft.film")).toBeUndefined();
  });

  it("is not overtaken by the words that were on their way before it", async () => {
    const { server, clock, m } = open();
    await settle();
    server.slow = true;
    m.chats.draft("film", "half a word");
    await clock.pass(saveMs);
    m.chats.draft("film", "");
    await clock.pass(saveMs);
    expect(server.asked).toEqual(["half a word"]);
    for (let i = 0; i < 2; i++) {
      server.answers.shift()!();
      await settle();
    }
    expect(server.asked).toEqual(["half a word", null]);
    expect(server.chats.get("film")!.mine.draft).toBeNull();
  });

  it("stays taken back while the server's word of what was there before is late", async () => {
    const { server, clock, m } = open();
    await settle();
    server.slow = true;
    for (const text of ["half a word", ""]) {
      m.chats.draft("film", text);
      await clock.pass(saveMs);
      server.answers.shift()!();
      await settle();
    }
    for (const left of [1, 0]) {
      server.sayNext();
      expect([server.words.length, m.chats.chat("film").value?.draft]).toEqual([left, null]);
    }
    // A little later what another device says counts again.
    server.slow = false;
    await clock.pass(3_000);
    server.tell({ type: "chat.settings", chat_id: "film", muted_until: null, pinned: false, archived: false, draft: "on the phone" });
    expect(m.chats.chat("film").value?.draft).toBe("on the phone");
  });
});

it("what the server takes of no text is left out of drafts, messages and edits", async () => {
  const { server, clock, m } = await world();
  m.chats.draft("film", "half\0");
  await clock.pass(saveMs);
  m.outbox.send({ chatId: "film", content: "nul \0, half \ud83d of a pair, a whole one 😀" });
  await settle();
  const { messages, mine } = server.chats.get("film")!;
  expect([mine.draft, messages.at(-1)!.content]).toEqual(["half", "nul , half  of a pair, a whole one 😀"]);
  await m.messages.edit(messages.at(-1)!.id, "\0after");
  expect(messages.at(-1)!.content).toBe("after");
});

describe("the words in a composer", () => {
  it("follow the account until somebody here changes them", () => {
    const desk = deskOf("film", null, "half");
    followDraft(desk, "half a word");
    expect(desk.text.value).toBe("half a word");
    desk.text.value = "half a word more";
    followDraft(desk, "");
    expect(desk.text.value).toBe("half a word more");
    followDraft(desk, "half a word more");
    followDraft(desk, "");
    expect(desk.text.value).toBe("");
  });
});
