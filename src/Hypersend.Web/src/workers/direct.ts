import { realClock } from "../core/clock";
import type { RelaySocket } from "../core/direct/relay";
import { sha256 } from "../core/direct/sha256";
import { openSink } from "../core/direct/sinks";
import { downloadUrl } from "../core/files";
import type { FromDirectWorker, ToDirectWorker } from "../core/direct/words";
import { createDirectWorkshop } from "../core/direct/workshop";

/** Bytes of direct transfers are read, hashed, sealed and written here, so that nothing of it holds up a finger on the screen. */

const port = self as unknown as { onmessage: ((event: MessageEvent<ToDirectWorker>) => void) | null; postMessage(word: FromDirectWorker): void };
// Browsers give WebCrypto to https and to this machine only.
const subtle: SubtleCrypto | null = (globalThis.crypto as Crypto | undefined)?.subtle ?? null;

const hear = createDirectWorkshop({
  clock: realClock,
  digest: subtle ? (bytes) => subtle.digest("SHA-256", bytes) : async (bytes) => sha256(new Uint8Array(bytes)).buffer,
  subtle,
  fill: (bytes) => void crypto.getRandomValues(bytes),
  openSocket: (url) => new WebSocket(url) as unknown as RelaySocket,
  openSink,
  fetch: fetchStored,
  say: (word) => port.postMessage(word),
});
port.onmessage = (event) => hear(event.data);

/** By the cookie, as pictures are fetched: a worker has no session of its own. */
async function fetchStored(file: string, from: number, to: number, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | null> {
  const answer = await fetch(downloadUrl(file), { headers: { Range: `bytes=${from}-${to}` }, cache: "no-store", signal });
  if (answer.status === 404 || answer.status === 410) return null;
  if (answer.status !== 206 || !answer.body) throw new Error(`The server answered ${answer.status}.`);
  return partsOf(answer.body.getReader());
}

async function* partsOf(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    // Who stops in the middle wants no more of it.
    void reader.cancel().catch(() => {});
  }
}
