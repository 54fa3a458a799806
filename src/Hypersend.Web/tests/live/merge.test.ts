import { describe, expect, it } from "vitest";
import type { Chat, Message } from "../../src/core/api/types";
import { SyncStore } from "../../src/core/live/store";
import type { Welcome } from "../../src/core/live/wire";

const ana = { id: "ana", username: "ana", name: "Ana" };
const said = (seq: number): Message => ({ id: `film.${seq}`, chat_id: "film", seq, rev: seq, type: "text", content: `m${seq}`, sender: ana, created_at: "2026-11-22T10:00:00Z", reactions: [] }) as unknown as Message;

function storeBeforeWelcome(): SyncStore {
  const store = new SyncStore();
  store.apply({ type: "chat.created", chat_id: "film", rev: 2, chat: { id: "film", type: "direct", rev: 2, last_seq: 2, my_role: "member" } as unknown as Chat });
  return store;
}

const kept = (store: SyncStore): number[] => [...(store.state.chats.get("film")?.messages.keys() ?? [])];

describe("messages that were read by a call", () => {
  it("are kept when they were asked for before the first welcome, whenever they come", () => {
    const store = storeBeforeWelcome();
    const { epoch } = store.state;
    store.welcome({ epoch: "one", user: ana } as unknown as Welcome);
    store.merge("film", epoch, [said(1)]);
    expect([epoch, kept(store)]).toEqual([null, [1]]);
  });

  it("are not kept when they are of another time", () => {
    const store = storeBeforeWelcome();
    store.welcome({ epoch: "two", user: ana } as unknown as Welcome);
    store.merge("film", "one", [said(1)]);
    expect(kept(store)).toEqual([]);
    store.merge("film", "two", [said(2)]);
    expect(kept(store)).toEqual([2]);
  });
});
