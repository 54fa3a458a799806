/** Which chunks are there, and what they are. All the server says of ranges is checked: it may be of another moment, or wrong. */
export class UploadPlan {
  readonly size: number;
  readonly chunkSize: number;
  readonly total: number;
  readonly #there: Uint8Array;
  readonly #taken: Uint8Array;
  readonly #digests: Uint8Array;
  readonly #hashed: Uint8Array;
  #from = 0;
  #landed = 0;
  #bytes = 0;

  constructor(size: number, chunkSize: number, received: readonly (readonly number[])[], digests: StoredDigests | null) {
    this.size = size;
    this.chunkSize = chunkSize;
    this.total = Math.ceil(size / chunkSize);
    this.#there = new Uint8Array(this.total);
    this.#taken = new Uint8Array(this.total);
    const fits = digests?.bytes.length === this.total * 32 && digests.known.length === this.total;
    this.#digests = fits ? digests.bytes.slice() : new Uint8Array(this.total * 32);
    this.#hashed = fits ? digests.known.slice() : new Uint8Array(this.total);
    this.learn(received);
  }

  get bytesThere(): number {
    return this.#bytes;
  }

  get isComplete(): boolean {
    return this.#landed === this.total;
  }

  lengthOf(index: number): number {
    return Math.min(this.chunkSize, this.size - index * this.chunkSize);
  }

  isThere(index: number): boolean {
    return this.#there[index] === 1;
  }

  isHashed(index: number): boolean {
    return this.#hashed[index] === 1;
  }

  /** The next one that nobody carries: to be sent, or only to be hashed because it was sent by an earlier page. */
  take(hashes: boolean): number | null {
    for (; this.#from < this.total; this.#from++) {
      const i = this.#from;
      if (this.#taken[i] || (this.#there[i] && (!hashes || this.#hashed[i]))) continue;
      this.#taken[i] = 1;
      return i;
    }
    return null;
  }

  giveBack(index: number): void {
    this.#taken[index] = 0;
    this.#from = Math.min(this.#from, index);
  }

  hashed(index: number, digest: Uint8Array): void {
    this.#digests.set(digest, index * 32);
    this.#hashed[index] = 1;
  }

  landed(index: number): void {
    if (this.#there[index]) return;
    this.#there[index] = 1;
    this.#landed++;
    this.#bytes += this.lengthOf(index);
  }

  /** What the server has, as inclusive ranges. */
  learn(received: readonly (readonly number[])[]): void {
    for (const [from, to] of received) {
      if (!Number.isInteger(from) || !Number.isInteger(to)) continue;
      for (let i = Math.max(0, from!); i <= Math.min(to!, this.total - 1); i++) this.landed(i);
    }
  }

  /** The server lacks what it said it had; answers how many chunks that is. */
  forget(missing: readonly (readonly number[])[]): number {
    let count = 0;
    for (const [from, to] of missing) {
      if (!Number.isInteger(from) || !Number.isInteger(to)) continue;
      for (let i = Math.max(0, from!); i <= Math.min(to!, this.total - 1); i++) {
        if (!this.#there[i]) continue;
        this.#there[i] = 0;
        this.#landed--;
        this.#bytes -= this.lengthOf(i);
        this.giveBack(i);
        count++;
      }
    }
    return count;
  }

  digests(): StoredDigests {
    return { bytes: this.#digests.slice(), known: this.#hashed.slice() };
  }

  /** The bytes of which the root is the hash; null while a digest is missing. */
  rootInput(): Uint8Array | null {
    return this.#hashed.every((known) => known === 1) ? this.#digests : null;
  }
}

/** 32 bytes a chunk: 288 KiB for the largest upload. */
export interface StoredDigests {
  readonly bytes: Uint8Array;
  readonly known: Uint8Array;
}
