import { Meter } from "../upload/meter";
import type { Piece } from "./frames";
import type { Line } from "./line";

/** What one line brings, how fast it is, and how it behaved. */
export class Feed {
  readonly meter = new Meter();
  /** Digests of chunks, as they were said. */
  readonly said = new Map<number, string>();
  /** Chunks of which every byte came. */
  readonly whole = new Map<number, Uint8Array<ArrayBuffer>>();
  speed: number | null = null;
  faults = 0;
  heardAt: number;
  /** When it was asked once more although nothing had come. That is no sign of life. */
  askedAt = 0;
  #part: { readonly index: number; readonly bytes: Uint8Array<ArrayBuffer>; filled: number } | null = null;

  constructor(readonly line: Line, public since: number) {
    this.heardAt = since;
  }

  /** Bytes of the chunk that is coming. */
  get filled(): number {
    return this.#part?.filled ?? 0;
  }

  /** True when its chunk is whole with it. */
  take({ index, offset, bytes }: Piece, length: number): boolean {
    if (this.#part?.index !== index || offset === 0) this.#part = { index, bytes: new Uint8Array(length), filled: 0 };
    const part = this.#part;
    // A hole would be found by the digest, too; this way nothing is kept for it.
    if (offset !== part.filled) return false;
    part.bytes.set(bytes, offset);
    part.filled += bytes.length;
    if (part.filled < length) return false;
    this.whole.set(index, part.bytes);
    this.#part = null;
    return true;
  }

  forget(index: number): void {
    this.said.delete(index);
    this.whole.delete(index);
  }

  /** It is asked anew: what has begun to come begins again. */
  begin(): void {
    this.#part = null;
  }
}
