import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Message } from "../../src/core/api/types";
import { LiveProtocol } from "../../src/core/live/protocol";
import type { LiveChat } from "../../src/core/live/state";
import type { Frame, LiveEvent } from "../../src/core/live/wire";
import type { OutboxEntry } from "../../src/core/model";

const folder = join(import.meta.dirname, "../../../../tests/traces");
const traces = readdirSync(folder).filter((name) => name.endsWith(".json"));

/** The stories of tests/traces, which the Sdk is held to as well. */
describe("the client ends up as the trace says:", () => {
  it.each(traces)("%s", (name) => {
    const { steps } = JSON.parse(readFileSync(join(folder, name), "utf8")) as { steps: Record<string, unknown>[] };
    const player = new Player();
    steps.forEach((step, i) => player.play(step, `${name}, step ${i + 1}`));
  });
});

type Wish = Record<string, unknown>;

/** Does the steps of a trace to a client without a wire, and looks at what became of it. */
class Player {
  readonly #client = new LiveProtocol();
  readonly #ids = new Map<string, string>();
  readonly #sent: Frame[] = [];
  readonly #events: LiveEvent[] = [];
  readonly #pauses: string[] = [];

  play(step: Record<string, unknown>, where: string): void {
    const [name, value] = Object.entries(step)[0]! as [string, never];
    const client = this.#client;
    switch (name) {
      case "receive":
        return client.receive(this.#named(value));
      case "disconnect":
        client.disconnected();
        return client.setStatus("offline");
      case "send":
        return client.send(entryOf(value));
      case "retry":
        return void expect(client.retry(value), where).toBe(true);
      case "discard":
        return void expect(client.discard(value), where).toBe(true);
      case "resume":
        return client.resume(value);
      case "read":
        return client.markRead((value as Wish).chat as string, (value as Wish).seq as number);
      case "merge":
        return client.merge((value as Wish).chat as string, client.store.state.epoch, ((value as Wish).page as { items: Message[] }).items);
      case "expect":
        this.#sent.push(...client.takeFrames());
        this.#events.push(...client.takeEvents());
        this.#pauses.push(...client.takePauses());
        for (const [what, wish] of Object.entries(value as Wish)) this.#expect(what, wish, `${where}: ${what}`);
        return;
      default:
        throw new Error(`${where}: there is no step '${name}'.`);
    }
  }

  #expect(what: string, wish: unknown, where: string): void {
    const { state } = this.#client.store;
    switch (what) {
      case "sent": {
        const sent = this.#sent.splice(0);
        return expect(sent.map((frame, i) => this.#bound(frame, (wish as Frame[])[i])), where).toEqual(wish);
      }
      case "shown": {
        const shown = this.#events.flatMap((event) => (event.kind === "message" && !event.before ? [event.message.id] : []));
        this.#forget((event) => event.kind === "message" && !event.before);
        return expect(shown, where).toEqual(wish);
      }
      case "resets": {
        const resets = this.#events.flatMap((event) => (event.kind === "reset" ? [event.chatId] : []));
        this.#forget((event) => event.kind === "reset");
        return expect(resets, where).toEqual(wish);
      }
      case "pauses":
        return expect(this.#pauses.splice(0).sort(), where).toEqual(wish);
      case "status":
        return expect(state.status, where).toBe(wish);
      case "outbox":
        return expect(this.#client.lanes.entries.map((entry) => [entry.id, entry.state === "failed" ? "failed" : "sending"]), where).toEqual(wish);
      case "chats_are":
        return expect([...state.chats.keys()].sort(), where).toEqual(wish);
      case "removed":
        return expect([...state.removed].sort(), where).toEqual(wish);
      case "chats":
        for (const [id, about] of Object.entries(wish as Record<string, Wish>)) {
          const chat = state.chats.get(id);
          expect(chat, `${where}: ${id} is there`).toBeDefined();
          const { messages, roles, ...rest } = about;
          const shape = shapeOf(chat!, about);
          expect(shape, `${where}: ${id}`).toMatchObject({ ...(messages ? { messages } : {}), ...(roles ? { roles } : {}) });
          for (const [field, value] of Object.entries(rest)) expect(shape[field], `${where}: ${id}: ${field}`).toEqual(value);
        }
        return;
      default:
        throw new Error(`${where}: there is no such expectation.`);
    }
  }

  #forget(matches: (event: LiveEvent) => boolean): void {
    this.#events.splice(0, Infinity, ...this.#events.filter((event) => !matches(event)));
  }

  /** An id that the client chose gets the name that the trace has for it. */
  #bound(frame: Frame, wish: Frame | undefined): Frame {
    if (typeof frame.id !== "string" || typeof wish?.id !== "string") return frame;
    this.#ids.set(wish.id, frame.id);
    return { ...frame, id: wish.id };
  }

  #named(frame: unknown): unknown {
    let text = JSON.stringify(frame);
    for (const [name, id] of this.#ids) text = text.replaceAll(`"${name}"`, `"${id}"`);
    return JSON.parse(text);
  }
}

function entryOf(request: Record<string, string | null>): OutboxEntry {
  return {
    id: request.client_id!, chatId: request.chat_id!, content: request.content ?? "", replyTo: request.reply_to ?? null,
    thread: request.thread ?? null, forwardOf: request.forward_of ?? null, file: null, fileIds: [], sendAt: request.send_at ?? null, expiresIn: null,
    createdAt: "2026-11-21T09:30:00.000Z", state: "queued", problem: null,
  };
}

function shapeOf(chat: LiveChat, wish: Wish): Record<string, unknown> {
  const shape: Record<string, unknown> = {
    rev: chat.rev, last_seq: chat.chat.last_seq, read_seq: chat.mine.read_seq, unread: chat.mine.unread, mentions: chat.mine.mentions,
    name: chat.chat.name, my_role: chat.chat.my_role ?? null, member_count: chat.chat.member_count, pinned: chat.mine.pinned, draft: chat.mine.draft,
    members: chat.members && [...chat.members.keys()].sort(),
    roles: Object.fromEntries([...(chat.members ?? [])].map(([id, member]) => [id, member.role])),
    peers: Object.fromEntries([...chat.peers].map(([id, marks]) => [id, [marks.read, marks.delivered]])),
  };
  for (const name of ["messages", "only"]) {
    const some = wish[name] as Record<string, unknown> | undefined;
    if (some) shape[name] = Object.fromEntries([...chat.messages].map(([seq, message]) => [seq, messageOf(message, some[seq])]));
  }
  return shape;
}

function messageOf(message: Message, wish: unknown): unknown {
  if (typeof wish !== "object" || wish === null) return message.content;
  const wire: Record<string, unknown> = { ...message, reactions: message.reactions.map((reaction) => [reaction.emoji, reaction.count, reaction.me ?? null]) };
  return Object.fromEntries(Object.keys(wish).map((field) => [field, wire[field] ?? null]));
}
