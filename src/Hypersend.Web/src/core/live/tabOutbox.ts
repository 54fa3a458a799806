import { batch, signal } from "@preact/signals-core";
import type { ChatId } from "../api/types";
import { pause, type Clock } from "../clock";
import type { OutboxEntry } from "../model";
import type { Cache } from "../storage/cache";
import type { OutboxChange } from "./protocol";
import { packed, unpacked } from "./tabLine";

const storeWithinMs = 2_000;

export interface TabOutboxPorts {
  readonly cache: Cache;
  readonly clock: Clock;
  /** To the tab that leads, which may be this one. */
  readonly give: (entry: OutboxEntry) => void;
  readonly touched: (chat: ChatId) => void;
}

/** The outbox as one tab sees it: shown at once, stored, then given to the tab that sends. */
export class TabOutbox {
  readonly entries = signal<readonly OutboxEntry[]>([]);
  readonly #ports: TabOutboxPorts;
  /** What was written in this tab and is not done; true when it is stored and was given away. */
  readonly #own = new Map<string, boolean>();

  constructor(ports: TabOutboxPorts) {
    this.#ports = ports;
  }

  async read(): Promise<readonly OutboxEntry[]> {
    return (await this.#ports.cache.readOutbox()).map(unpacked);
  }

  /** So that closing the tab in between loses nothing that was promised, an entry is given only when it is stored. */
  async add(entries: readonly OutboxEntry[]): Promise<void> {
    const { cache, clock, give, touched } = this.#ports;
    for (const entry of entries) this.#own.set(entry.id, false);
    this.entries.value = [...this.entries.value, ...entries];
    for (const entry of entries) touched(entry.chatId);
    // A storage that does not answer must not keep a message from leaving.
    await Promise.race([cache.putOutbox(entries.map(packed)), pause(clock, storeWithinMs)]);
    for (const entry of entries) {
      if (this.#own.has(entry.id)) {
        this.#own.set(entry.id, true);
        give(entry);
      } else {
        // Given up while it was being stored.
        void cache.removeOutbox(entry.id);
      }
    }
  }

  /** What the leading tab has, and what this one wrote meanwhile. */
  show(entries: readonly OutboxEntry[]): readonly OutboxEntry[] {
    const known = new Set(entries.map((entry) => entry.id));
    return (this.entries.value = [...entries, ...this.entries.value.filter((entry) => this.#own.has(entry.id) && !known.has(entry.id))]);
  }

  /** What this tab gave to one that has gone: whatever is still stored was not sent, and what is not is done. */
  async giveAgain(): Promise<void> {
    const listed = new Set(this.entries.value.map((entry) => entry.id));
    const given = [...this.#own].filter(([id, isGiven]) => isGiven && listed.has(id)).map(([id]) => id);
    if (given.length === 0) return;
    const stored = new Map((await this.read()).map((entry) => [entry.id, entry]));
    for (const id of given) {
      const entry = stored.get(id);
      if (entry) this.#ports.give(entry);
      else this.#drop(id);
    }
  }

  changed(changes: readonly OutboxChange[]): void {
    batch(() => {
      for (const change of changes) {
        if ("done" in change) this.#drop(change.done.id);
        else this.#put(change.put);
      }
    });
  }

  #put(entry: OutboxEntry): void {
    const all = this.entries.value;
    const isKnown = all.some((other) => other.id === entry.id);
    this.entries.value = isKnown ? all.map((other) => (other.id === entry.id ? entry : other)) : [...all, entry];
    this.#ports.touched(entry.chatId);
  }

  #drop(id: string): void {
    const entry = this.entries.value.find((other) => other.id === id);
    // Where storage was refused each tab keeps its own.
    if (this.#own.delete(id)) void this.#ports.cache.removeOutbox(id);
    if (!entry) return;
    this.entries.value = this.entries.value.filter((other) => other !== entry);
    this.#ports.touched(entry.chatId);
  }
}
