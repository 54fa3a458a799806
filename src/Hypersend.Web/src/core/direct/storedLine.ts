import { pause, type Clock } from "../clock";
import { Backoff } from "../live/backoff";
import { pieceBytes, writePiece, type DirectWord } from "./frames";
import { ChunkSet, runs, type Grid, type Range } from "./grid";
import type { End, Line } from "./line";

export interface StoredLinePorts {
  readonly clock: Clock;
  /** The digests of the chunks that are on the server, null in the place of the others; null when there is no such file any more. */
  readonly digests: () => Promise<readonly (string | null)[] | null>;
  /** These bytes, both ends included, as they come; null when there is no such file any more. */
  readonly fetch: (from: number, to: number, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array> | null>;
  /** What is taken from the server need not be sent as well. */
  readonly rest: () => void;
}

/** Chunks that came and are not written yet, so that a slow disk fills no memory. */
const mostUnwritten = 16 * 1024 * 1024;
const askAgainMs = 500;
const askAgainAtMostMs = 4_000;

/**
 * The file that the sender puts on the server, as one more line: it takes the chunks that are there. Only those whose digest is known are
 * fetched, for with its last byte such a file may go, and its digests with it.
 */
export class StoredLine {
  readonly #end: End;
  readonly #grid: Grid;
  readonly #ports: StoredLinePorts;
  readonly #line: Line;
  readonly #backoff: Backoff;
  readonly #unwritten = new Set<number>();
  #wake: (() => void) | null = null;
  #following: AbortController | null = null;
  #cancelRetry: () => void = () => {};
  #stopped = false;

  constructor(end: End, grid: Grid, ports: StoredLinePorts) {
    this.#end = end;
    this.#grid = grid;
    this.#ports = ports;
    this.#backoff = new Backoff(ports.clock, 1_000, 15_000);
    // The server reads it anyway; who chose this way was told.
    this.#line = { route: "stored", seal: null, say: (word) => this.#said(word), carry: async () => false, leave: () => this.#leave() };
    end.up(this.#line);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelRetry();
    this.#leave();
  }

  #said(word: DirectWord): void {
    if (word.type === "got") {
      this.#unwritten.delete(word.chunk);
      this.#turn();
    } else if (word.type === "need") {
      this.#leave();
      if (word.ranges.length > 0 && !this.#stopped) void this.#follow(word.ranges, (this.#following = new AbortController()).signal);
    }
  }

  #leave(): void {
    this.#following?.abort();
    this.#following = null;
    this.#unwritten.clear();
    this.#turn();
  }

  #turn(): void {
    this.#wake?.();
    this.#wake = null;
  }

  async #follow(ranges: readonly Range[], signal: AbortSignal): Promise<void> {
    const { clock, digests, rest } = this.#ports;
    const fetched = new ChunkSet(this.#grid.total);
    fetched.setAllBut(ranges);
    let wait = askAgainMs;
    try {
      rest();
      while (!fetched.isWhole) {
        const known = await digests();
        if (signal.aborted) return;
        if (known === null) return this.#lose(false);
        this.#backoff.succeeded();
        const there = fetched.missing().flatMap(([from, to]) => runs(from, to, (index) => known[index] != null));
        for (const [from, to] of there) {
          if (!(await this.#fetch(from, to, known, fetched, signal))) return;
          wait = askAgainMs;
        }
        if (there.length > 0) continue;
        await pause(clock, wait);
        if (signal.aborted) return;
        wait = Math.min(askAgainAtMostMs, wait * 2);
      }
    } catch {
      // The network, or a server that is starting: it is tried again after a while.
      if (!signal.aborted) this.#lose(true);
    }
  }

  /** False when it is not asked for any more. */
  async #fetch(from: number, to: number, known: readonly (string | null)[], fetched: ChunkSet, signal: AbortSignal): Promise<boolean> {
    const grid = this.#grid;
    const bytes = await this.#ports.fetch(grid.startOf(from), grid.startOf(to) + grid.lengthOf(to) - 1, signal);
    if (signal.aborted) return false;
    if (bytes === null) {
      this.#lose(false);
      return false;
    }
    const piece = new Uint8Array(pieceBytes);
    let [index, offset, filled] = [from, 0, 0];
    for await (const part of bytes) {
      for (let at = 0; at < part.length && index <= to;) {
        const length = Math.min(pieceBytes, grid.lengthOf(index) - offset);
        const taken = part.subarray(at, at + length - filled);
        piece.set(taken, filled);
        at += taken.length;
        filled += taken.length;
        if (filled < length) continue;
        this.#end.came(this.#line, writePiece(index, offset, piece.subarray(0, length)));
        offset += length;
        filled = 0;
        if (offset < grid.lengthOf(index)) continue;
        fetched.add(index);
        this.#unwritten.add(index);
        this.#end.heard(this.#line, { type: "chunk", index, sha256: known[index] });
        await this.#room(signal);
        if (signal.aborted) return false;
        index++;
        offset = 0;
      }
    }
    if (index <= to) throw new Error("The answer ended before its end.");
    return true;
  }

  async #room(signal: AbortSignal): Promise<void> {
    const bytes = (): number => [...this.#unwritten].reduce((sum, index) => sum + this.#grid.lengthOf(index), 0);
    while (!signal.aborted && bytes() > mostUnwritten) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  #lose(comesBack: boolean): void {
    this.#leave();
    this.#end.down(this.#line);
    if (comesBack && !this.#stopped) this.#cancelRetry = this.#ports.clock.after(this.#backoff.next(), () => this.#end.up(this.#line));
  }
}
