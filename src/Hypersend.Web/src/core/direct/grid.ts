/** How a file is cut: the same for both people and for every route. */
export class Grid {
  constructor(readonly size: number, readonly chunkSize: number, readonly total: number) {}

  startOf(index: number): number {
    return index * this.chunkSize;
  }

  lengthOf(index: number): number {
    return Math.min(this.chunkSize, this.size - this.startOf(index));
  }
}

export type Range = readonly [from: number, to: number];

/** Which chunks are there. */
export class ChunkSet {
  readonly #has: Uint8Array;
  #count = 0;

  constructor(readonly total: number) {
    this.#has = new Uint8Array(total);
  }

  get count(): number {
    return this.#count;
  }

  get isWhole(): boolean {
    return this.#count === this.total;
  }

  has(index: number): boolean {
    return this.#has[index] === 1;
  }

  add(index: number): boolean {
    if (index < 0 || index >= this.total || this.has(index)) return false;
    this.#has[index] = 1;
    this.#count++;
    return true;
  }

  /** All but these, both ends included. */
  setAllBut(ranges: readonly Range[]): void {
    this.#has.fill(1);
    for (const [from, to] of ranges) this.#has.fill(0, from, to + 1);
    this.#count = this.#has.reduce((sum, one) => sum + one, 0);
  }

  addAll(ranges: readonly (readonly number[])[]): void {
    for (const [from, to] of ranges) for (let i = from!; i <= to!; i++) this.add(i);
  }

  /** One byte a chunk: 1 where it is there. */
  flags(): Uint8Array {
    return this.#has.slice();
  }

  there(): Range[] {
    return runs(0, this.total - 1, (index) => this.has(index));
  }

  missing(): Range[] {
    return runs(0, this.total - 1, (index) => !this.has(index));
  }
}

/** Those from the first to the last that are so, next to each other in one. */
export function runs(first: number, last: number, isSo: (index: number) => boolean): Range[] {
  const ranges: [number, number][] = [];
  for (let i = first; i <= last; i++) {
    if (!isSo(i)) continue;
    const before = ranges.at(-1);
    if (before && before[1] === i - 1) before[1] = i;
    else ranges.push([i, i]);
  }
  return ranges;
}

/** The digests of all chunks, and the digest of those, which names the whole file. */
export class Digests {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #known: ChunkSet;

  constructor(total: number) {
    this.#bytes = new Uint8Array(total * 32);
    this.#known = new ChunkSet(total);
  }

  get isWhole(): boolean {
    return this.#known.isWhole;
  }

  has(index: number): boolean {
    return this.#known.has(index);
  }

  /** False when another one is known of this chunk: then it is not the same file any more. */
  set(index: number, digest: Uint8Array): boolean {
    if (this.#known.add(index)) {
      this.#bytes.set(digest, index * 32);
      return true;
    }
    return digest.every((byte, i) => this.#bytes[index * 32 + i] === byte);
  }

  /** Those that are known, each at its place. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice();
  }

  /** What is hashed once more; null while one is missing. */
  all(): ArrayBuffer | null {
    return this.#known.isWhole ? this.#bytes.slice().buffer : null;
  }
}
