import { effect } from "@preact/signals-core";
import type { FileId } from "../api/types";
import type { Hub } from "../live/hub";
import { Problem } from "../problem";
import type { Records } from "../storage/records";

interface StoredCancel {
  readonly cancels: FileId;
}

const key = (id: FileId): string => `cancel.${id}`;

/** Uploads that were given up. The page may be closed before the server has heard of it, and the line may be away: then the next page says it. */
export class Cancels {
  readonly #hub: Hub;
  readonly #records: Records;

  constructor(hub: Hub, records: Records) {
    this.#hub = hub;
    this.#records = records;
    this.stop = effect(() => {
      if (hub.leading.value && hub.status.value === "live") void this.#sendLeft();
    });
  }

  readonly stop: () => void;

  async send(id: FileId): Promise<void> {
    void this.#records.put("facts", [[key(id), { cancels: id } satisfies StoredCancel]]);
    try {
      await this.#hub.api<void>({ method: "DELETE", path: `/files/${encodeURIComponent(id)}`, keepalive: true });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // Nothing was decided: it is said again with the next line.
      if (error.isTransient || error.status === 401) return;
      void this.#records.remove("facts", key(id));
      if (error.status === 404 || error.status === 410) return;
      throw error;
    }
    void this.#records.remove("facts", key(id));
  }

  /** What an earlier page or a broken line left unsaid. */
  async #sendLeft(): Promise<void> {
    for (const { cancels } of (await this.#records.all("facts")) as Partial<StoredCancel>[]) {
      // Refused for good: it was asked for by nobody who is here now.
      if (typeof cancels === "string") await this.send(cancels).catch(() => {});
    }
  }
}
