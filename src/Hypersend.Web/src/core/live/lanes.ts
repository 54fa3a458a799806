import type { ChatId } from "../api/types";
import type { OutboxEntry } from "../model";
import type { Problem } from "../problem";

interface Lane {
  readonly waiting: OutboxEntry[];
  /** The first one is on its way. */
  flying: boolean;
  /** The first one was put off by the server for a moment. */
  pausing: boolean;
}

const passing = new Set(["busy", "unavailable", "outcome_unknown", "rate_limited", "internal_error", "request_timeout", "storage_full", "offline", "too_many_uploads"]);

/** Whether the same message may be taken a moment later. */
export const passes = (problem: Problem): boolean => passing.has(problem.code) || (problem.status >= 502 && problem.status <= 504);

/** A full disk is emptied by somebody, so it passes too, but nobody knows when. */
export const lacksRoom = (problem: Problem | null): boolean => problem?.code === "storage_full" || problem?.code === "insufficient_storage";

/** What is for later stands in no order with what is said now: neither waits for the other. */
const laneOf = ({ chatId, sendAt }: OutboxEntry): string => (sendAt ? laterOf(chatId) : chatId);
const laterOf = (chat: ChatId): string => `${chat} later`;

/**
 * What is to be sent, in order. Of each chat one message is on its way at a time, so that a refusal stops those behind it and
 * the order holds; the client id makes a repeated send the same message.
 */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #ready: string[] = [];
  #entries: readonly OutboxEntry[] = [];

  get entries(): readonly OutboxEntry[] {
    return this.#entries;
  }

  add(entry: OutboxEntry): boolean {
    let lane = this.#lanes.get(laneOf(entry));
    if (!lane) this.#lanes.set(laneOf(entry), (lane = { waiting: [], flying: false, pausing: false }));
    if (lane.waiting.some((other) => other.id === entry.id)) return false;
    lane.waiting.push(entry);
    this.#entries = [...this.#entries, entry];
    this.#ready.push(laneOf(entry));
    return true;
  }

  /** Takes the messages that may go now, each of another lane. */
  takeNext(): readonly OutboxEntry[] {
    const next: OutboxEntry[] = [];
    for (const key of this.#ready.splice(0)) {
      const lane = this.#lanes.get(key);
      if (!lane || lane.flying || lane.pausing || lane.waiting[0]!.state === "failed") continue;
      lane.flying = true;
      next.push(this.#replace(lane, lane.waiting[0]!, { ...lane.waiting[0]!, state: "sending" }));
    }
    return next;
  }

  /** The server has it, or it was given up; null when it was known already. */
  done(chat: ChatId, id: string): OutboxEntry | null {
    const [lane, entry] = this.#find(chat, id);
    if (!lane || !entry) return null;
    if (lane.waiting[0] === entry) lane.flying = false;
    lane.waiting.splice(lane.waiting.indexOf(entry), 1);
    this.#entries = this.#entries.filter((other) => other !== entry);
    if (lane.waiting.length === 0) this.#lanes.delete(laneOf(entry));
    else this.#ready.push(laneOf(entry));
    return entry;
  }

  /** The server did not take it. What may pass by itself pauses the chat; what does not stops it. */
  refused(chat: ChatId, id: string, problem: Problem): { readonly entry: OutboxEntry; readonly pausing: boolean } | null {
    const [lane, entry] = this.#find(chat, id);
    if (!lane || !entry) return null;
    lane.flying = false;
    if (passes(problem)) {
      lane.pausing = true;
      // What may take long is said beside what waits for it.
      return { entry: this.#replace(lane, entry, { ...entry, state: "queued", problem: lacksRoom(problem) ? problem : null }), pausing: true };
    }
    return { entry: this.#replace(lane, entry, { ...entry, state: "failed", problem }), pausing: false };
  }

  /** The pause is over. */
  resume(chat: ChatId): void {
    for (const key of [chat, laterOf(chat)]) {
      const lane = this.#lanes.get(key);
      if (!lane) continue;
      lane.pausing = false;
      this.#ready.push(key);
    }
  }

  retry(id: string): OutboxEntry | null {
    const failed = this.#failed(id);
    if (!failed) return null;
    this.#ready.push(laneOf(failed));
    return this.#replace(this.#lanes.get(laneOf(failed))!, failed, { ...failed, state: "queued", problem: null });
  }

  /** Gives up what failed, or what has not left yet, so that those behind it may go. */
  discard(id: string): OutboxEntry | null {
    const entry = this.#entries.find((other) => other.id === id);
    return entry ? this.done(entry.chatId, id) : null;
  }

  /** Whatever was on its way may or may not have arrived: it goes again with the next connection. */
  disconnected(): readonly OutboxEntry[] {
    const changed: OutboxEntry[] = [];
    for (const [key, lane] of this.#lanes) {
      lane.flying = lane.pausing = false;
      for (const entry of [...lane.waiting]) if (entry.state === "sending") changed.push(this.#replace(lane, entry, { ...entry, state: "queued" }));
      this.#ready.push(key);
    }
    return changed;
  }

  #find(chat: ChatId, id: string): readonly [Lane | undefined, OutboxEntry | undefined] {
    const entry = this.#entries.find((other) => other.chatId === chat && other.id === id);
    return [entry && this.#lanes.get(laneOf(entry)), entry];
  }

  #failed(id: string): OutboxEntry | undefined {
    return this.#entries.find((entry) => entry.id === id && entry.state === "failed");
  }

  #replace(lane: Lane, old: OutboxEntry, now: OutboxEntry): OutboxEntry {
    lane.waiting[lane.waiting.indexOf(old)] = now;
    this.#entries = this.#entries.map((entry) => (entry === old ? now : entry));
    return now;
  }
}
