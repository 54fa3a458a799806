import { signal, type ReadonlySignal } from "@preact/signals-core";
import type { ChatId, ChatSettings } from "./api/types";
import type { Hub } from "./live/hub";
import { Problem } from "./problem";
import type { Records } from "./storage/records";

const saveAfterMs = 1_500;
/** For so long what the server says of a draft may be its word of what was there before. */
const lateWithinMs = 3_000;

interface StoredDraft {
  readonly chatId: ChatId;
  readonly text: string;
}

const key = (id: ChatId): string => `draft.${id}`;

/** What is typed here and not yet known to the server; that all was taken back is as much to be known as any words. */
export class Drafts {
  readonly #hub: Hub;
  readonly #records: Records;
  readonly #texts = signal<ReadonlyMap<ChatId, string>>(new Map());
  readonly #planned = new Map<ChatId, () => void>();
  readonly #saving = new Set<ChatId>();
  /** What the server has taken, and is soon left to it. */
  readonly #taken = new Map<ChatId, () => void>();

  constructor(hub: Hub, records: Records) {
    this.#hub = hub;
    this.#records = records;
    hub.on((events) => {
      if (!events.some((event) => event.kind === "status") || hub.store.state.status !== "live") return;
      for (const id of this.#texts.peek().keys()) if (!this.#planned.has(id) && !this.#taken.has(id)) void this.#save(id);
    });
  }

  readonly texts: ReadonlySignal<ReadonlyMap<ChatId, string>> = this.#texts;

  /** What an earlier page could not say; it comes before the chats, so that nobody is shown what was taken back. */
  async recall(): Promise<void> {
    const facts = await this.#records.all("facts");
    const kept = facts.filter((fact): fact is StoredDraft => typeof fact === "object" && fact !== null && "text" in fact);
    if (kept.length > 0) this.#texts.value = new Map([...kept.map((draft) => [draft.chatId, draft.text] as const), ...this.#texts.peek()]);
  }

  write(id: ChatId, text: string): void {
    const known = this.#hub.store.state.chats.get(id)?.mine.draft ?? "";
    if ((this.#texts.peek().get(id) ?? known) === text) return;
    this.#taken.get(id)?.();
    this.#taken.delete(id);
    this.#texts.value = new Map(this.#texts.peek()).set(id, text);
    void this.#records.put("facts", [[key(id), { chatId: id, text } satisfies StoredDraft]]);
    this.#planned.get(id)?.();
    this.#planned.set(id, this.#hub.clock.after(saveAfterMs, () => void this.#save(id)));
  }

  /** One after the other: of two on their way the older could arrive last. */
  async #save(id: ChatId): Promise<void> {
    this.#planned.delete(id);
    const text = this.#texts.peek().get(id);
    if (text === undefined || this.#saving.has(id)) return;
    this.#saving.add(id);
    try {
      await this.#hub.api<ChatSettings>({ method: "PUT", path: `/chats/${encodeURIComponent(id)}/settings`, body: { draft: text || null } });
      const chat = this.#hub.store.state.chats.get(id);
      if (chat) this.#hub.store.put({ ...chat, mine: { ...chat.mine, draft: text || null } });
      if (this.#texts.peek().get(id) === text) this.#taken.set(id, this.#hub.clock.after(lateWithinMs, () => this.#forget(id)));
    } catch (error) {
      if (error instanceof Problem && error.status === 404) this.#forget(id);
      // Kept here otherwise: the next connection tries again.
    } finally {
      this.#saving.delete(id);
    }
    const now = this.#texts.peek().get(id);
    if (now !== undefined && now !== text && !this.#planned.has(id)) await this.#save(id);
  }

  #forget(id: ChatId): void {
    this.#taken.delete(id);
    const rest = new Map(this.#texts.peek());
    rest.delete(id);
    this.#texts.value = rest;
    void this.#records.remove("facts", key(id));
  }
}
