import type { MessageId } from "../api/types";
import type { Records } from "../storage/records";

interface StoredRemoval {
  readonly removes: MessageId;
  readonly until: number;
}

const key = (id: MessageId): string => `remove.${id}`;

/** Deletions that can still be taken back. A page that goes meanwhile may have no moment left to ask for them. */
export class Removals {
  readonly #records: Records;
  /** Those of this page; what else is stored was left by one that is gone, or belongs to another tab. */
  readonly #own = new Set<MessageId>();

  constructor(records: Records) {
    this.#records = records;
  }

  keep(ids: readonly MessageId[], until: number): void {
    for (const id of ids) this.#own.add(id);
    void this.#records.put("facts", ids.map((id) => [key(id), { removes: id, until } satisfies StoredRemoval] as const));
  }

  drop(ids: readonly MessageId[]): void {
    for (const id of ids) {
      this.#own.delete(id);
      void this.#records.remove("facts", key(id));
    }
  }

  async left(): Promise<readonly StoredRemoval[]> {
    const all = (await this.#records.all("facts")) as Partial<StoredRemoval>[];
    return all.filter((one): one is StoredRemoval => typeof one.removes === "string" && typeof one.until === "number" && !this.#own.has(one.removes));
  }
}
