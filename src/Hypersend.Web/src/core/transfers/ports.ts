import type { TabLocks } from "../live/tabLine";
import type { FileToSend, OutboxEntry, Transfers } from "../model";
import type { Records } from "../storage/records";
import type { FromWorker, ToWorker } from "../upload/words";
import type { Digest, StoredTransfer } from "./stored";

export interface TransfersPorts {
  readonly records: Records;
  readonly locks: TabLocks | null;
  /** Made when the first upload begins. */
  readonly worker: (hear: (word: FromWorker) => void) => { post(word: ToWorker): void };
  readonly digest: Digest | null;
  /** The file behind a stored handle; `ask` may show the browser's question, so it needs a click. Null when it is refused or gone. */
  readonly openHandle: (handle: unknown, ask: boolean) => Promise<File | null>;
  /** Keeps the screen, and with it the line, awake while something moves. */
  readonly keepAwake: (on: boolean) => void;
}

/** The transfers of this tab, and what the leading tab does for the outbox. */
export interface TransferDesk extends Transfers {
  start(): Promise<void>;
  keep(entry: OutboxEntry, file: FileToSend): void;
  drop(id: string): void;
  /** The outbox has come to a message with a file: its upload begins, and with it the message is there. */
  begin(entry: OutboxEntry): Promise<void>;
  nudge(): void;
  /** Lets go of everything; it is taken up again from what is stored. */
  stop(): void;
}

export interface Carried {
  stored: StoredTransfer;
  file: Blob | null;
  thumbnail: FileToSend["thumbnail"];
  release: (() => void) | null;
  /** How often the server lacked what it had said it had. */
  rounds: number;
  /** Goes once more when the run that is ending has ended. */
  again: boolean;
}
