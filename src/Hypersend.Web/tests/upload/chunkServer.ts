import { createHash } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { expect } from "vitest";
import { Problem } from "../../src/core/problem";
import type { SendChunk } from "../../src/core/upload/run";
import type { ManualClock } from "../live/world";

type Trouble = "cut" | "stall" | "slow" | Problem;

/** The server's side of chunks, with whatever can go wrong on the way to it. */
export class ChunkServer {
  readonly chunks = new Map<number, string>();
  readonly tries: number[] = [];
  readonly tokens: string[] = [];
  readonly lanesSeen: number[] = [];
  token = "t0";
  state: "uploading" | "ready" = "uploading";
  statusCalls = 0;
  /** What happens to this try, by chunk and number of the try; null for what should. */
  trouble: (index: number, attempt: number) => Trouble | null = () => null;
  /** What it says is here. */
  says: (received: number[][]) => number[][] = (received) => received;
  #open = 0;
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  get received(): number[][] {
    return this.says([...this.chunks.keys()].sort((a, b) => a - b).map((index) => [index, index]));
  }

  get sha256Root(): string {
    const digests = [...this.chunks].sort(([a], [b]) => a - b).map(([, hex]) => Buffer.from(hex, "hex"));
    return createHash("sha256").update(Buffer.concat(digests)).digest("hex");
  }

  readonly status = async () => {
    this.statusCalls++;
    this.token = `t${this.statusCalls}`;
    return { received: this.received, token: this.token, state: this.state };
  };

  readonly send: SendChunk = async ({ index, body, sha256, token, signal, progress }) => {
    const attempt = this.tries.filter((tried) => tried === index).length;
    this.tries.push(index);
    this.tokens.push(token);
    this.lanesSeen.push(++this.#open);
    try {
      const trouble = this.trouble(index, attempt);
      if (trouble === "stall") {
        progress(1);
        await new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(new Problem(0, "offline"))));
      }
      if (trouble === "cut") {
        progress(Math.floor(body.size / 2));
        throw new Problem(0, "offline");
      }
      if (trouble instanceof Problem) throw trouble;
      progress(body.size);
      await new Promise<void>((resolve) => this.#clock.after(trouble === "slow" ? 5_000 : 50, resolve));
      if (signal.aborted) throw new Problem(0, "offline");
      if (token !== this.token) throw new Problem(401, "invalid_token");
      const hash = createHash("sha256").update(new Uint8Array(await body.arrayBuffer())).digest("hex");
      if (sha256 !== null && sha256 !== hash) throw new Problem(422, "checksum_mismatch");
      const known = this.chunks.get(index);
      if (known !== undefined && known !== hash) throw new Problem(409, "chunk_conflict");
      this.chunks.set(index, hash);
    } finally {
      this.#open--;
    }
  };
}

/** Bytes that differ from chunk to chunk. */
export const fileOf = (size: number, name = "film.mkv", seed = 7): File => {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = (i * seed + (i >> 8)) & 0xff;
  return new File([bytes], name, { type: "video/x-matroska", lastModified: 1_760_000_000_000 });
};

let hashing = 0;

/** SHA-256 on the platform's own threads; `until` waits for them, for they know nothing of the clock of a test. */
export async function sha256(bytes: ArrayBuffer): Promise<ArrayBuffer> {
  hashing++;
  try {
    return await crypto.subtle.digest("SHA-256", bytes);
  } finally {
    hashing--;
  }
}

/** Lets time pass until it is so. */
export async function until(clock: ManualClock, isSo: () => boolean, step = 50): Promise<void> {
  const giveUpAt = Date.now() + 60_000;
  while (!isSo() && Date.now() < giveUpAt) {
    do await turn();
    while (hashing > 0);
    await clock.pass(step);
  }
  expect(isSo(), "it became so").toBe(true);
}
