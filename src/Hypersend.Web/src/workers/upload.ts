import { realClock } from "../core/clock";
import type { FromWorker, ToWorker } from "../core/upload/words";
import { createWorkshop } from "../core/upload/workshop";
import { sendByXhr } from "../core/upload/xhr";

/** Chunks leave from here, so that hashing and reading never hold up a finger on the screen. */

const port = self as unknown as { onmessage: ((event: MessageEvent<ToWorker>) => void) | null; postMessage(word: FromWorker): void };
// Browsers give SHA-256 to https and to this machine only.
const subtle: SubtleCrypto | undefined = (globalThis.crypto as Crypto | undefined)?.subtle;

const hear = createWorkshop({
  send: sendByXhr,
  digest: subtle ? (bytes) => subtle.digest("SHA-256", bytes) : null,
  clock: realClock,
  say: (word) => port.postMessage(word),
});
port.onmessage = (event) => hear(event.data);
