import { describe, expect, it } from "vitest";
import { Problem } from "../../src/core/problem";
import type { ApiRequest } from "../../src/core/api/send";
import { FakeServer, ManualClock, openTab, settle, userOf } from "./world";

/** Fifty messages, of which some call me, and an index that knows what it is told. */
class Hall extends FakeServer {
  index: "full" | "late" | "off" = "full";
  readonly asked: string[] = [];

  protected override async answer(request: ApiRequest): Promise<unknown> {
    this.asked.push(request.path.split("?")[0]!);
    if (!request.path.startsWith("/search/messages")) return super.answer(request);
    if (this.index === "off") throw new Problem(404, "search_off");
    const found = this.index === "late" ? [] : this.chats.get("hall")!.messages.filter((message) => message.mentions.includes("ana"));
    return { items: [...found].reverse(), next_cursor: null };
  }
}

async function hall(read: number, callsAt: readonly number[]) {
  const server = new Hall();
  server.addChat("hall", Array.from({ length: 50 }, (_, i) => `m${i + 1}`));
  for (const seq of callsAt) server.change(`hall.${seq}`, { mentions: ["ana"] });
  server.chats.get("hall")!.mine.read_seq = read;
  const tab = openTab(server, new ManualClock());
  await settle();
  return { server, next: () => tab.messenger.messages.nextMention("hall") };
}

describe("the next mention", () => {
  it("is the oldest above the mark of reading, by the index where it is not at hand", async () => {
    const { server, next } = await hall(10, [4, 17, 30]);
    expect(await next()).toBe(17);
    expect(server.asked).not.toContain("/messages/hall");
  });

  it("is looked for page by page where the index is late or missing", async () => {
    for (const index of ["late", "off"] as const) {
      const { server, next } = await hall(10, [4, 42]);
      server.index = index;
      expect(await next()).toBe(42);
    }
  });

  it("is none when nobody calls, and not one that was deleted or that I wrote", async () => {
    const { server, next } = await hall(10, [4, 20, 21]);
    server.change("hall.20", { deleted_at: "2026-11-21T09:30:00.000Z" });
    server.change("hall.21", { sender: userOf("ana") });
    await settle();
    expect(await next()).toBeNull();
  });

  it("is known without asking where the messages are at hand", async () => {
    const { server, next } = await hall(49, [50]);
    server.asked.length = 0;
    expect(await next()).toBe(50);
    expect(server.asked).toEqual([]);
  });
});
