import type { Clock } from "../clock";
import { Problem } from "../problem";
import { hexOf } from "../upload/run";
import { pieceBytes, readWord, writePiece } from "./frames";
import { ChunkSet, Digests, type Grid } from "./grid";
import type { End, Line } from "./line";

export type Digest = (bytes: ArrayBuffer) => Promise<ArrayBuffer>;

export interface SupplyPorts {
  readonly digest: Digest;
  readonly clock: Clock;
  /** Something was got, or another line asks. */
  readonly moved: () => void;
  /** It cannot go on: the file is not what it was. */
  readonly failed: (problem: Problem) => void;
}

/** So much is on its way unacknowledged, so that a slow disk over there fills no memory anywhere. */
const mostUnderway = 16 * 1024 * 1024;

interface Ready {
  readonly index: number;
  readonly bytes: ArrayBuffer;
  readonly digest: Uint8Array;
}

/** The sender's end: gives the chunks that are asked for, over the line on which they were asked for last. */
export class Supply implements End {
  readonly #file: Blob;
  readonly #grid: Grid;
  readonly #ports: SupplyPorts;
  readonly #digests: Digests;
  readonly #lines = new Set<Line>();
  readonly got: ChunkSet;
  #asked: Line | null = null;
  #queue: number[] = [];
  readonly #underway = new Map<number, Line>();
  #wake: (() => void) | null = null;
  #next: Promise<Ready> | null = null;
  #nextIndex = -1;
  /** Counts the questions: what is on its way for an older one is given up. */
  #question = 0;
  #running = false;
  #over = false;
  #paused = false;

  constructor(file: Blob, grid: Grid, ports: SupplyPorts) {
    this.#file = file;
    this.#grid = grid;
    this.#ports = ports;
    this.#digests = new Digests(grid.total);
    this.got = new ChunkSet(grid.total);
  }

  get gotBytes(): number {
    const { total, size, chunkSize } = this.#grid;
    return this.got.has(total - 1) ? size - (total - this.got.count) * chunkSize : this.got.count * chunkSize;
  }

  /** The line in use. */
  get line(): Line | null {
    return this.#asked;
  }

  up(line: Line): void {
    this.#lines.add(line);
  }

  down(line: Line): void {
    this.#lines.delete(line);
    for (const [index, by] of this.#underway) if (by === line) this.#underway.delete(index);
    if (this.#asked === line) this.#ask(null, []);
  }

  /** The window of what may be underway stays shut. */
  pause(on: boolean): void {
    this.#paused = on;
    this.#turn();
  }

  /** The receiver takes it by another way; what they need they will say. */
  rest(): void {
    this.#ask(null, []);
  }

  stop(): void {
    this.#over = true;
    this.#ask(null, []);
  }

  came(): void {
    // Bytes go one way only.
  }

  heard(line: Line, said: unknown): void {
    const word = readWord(said, this.#grid.total);
    if (word?.type === "got") {
      this.got.add(word.chunk);
      this.#underway.delete(word.chunk);
      this.#ports.moved();
      this.#turn();
    } else if (word?.type === "need") {
      this.got.setAllBut(word.ranges);
      const wanted = word.ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
      // The receiver knows best: what it names it does not have, whatever is on its way. In the order it names: some can only save
      // from the beginning to the end.
      this.#underway.clear();
      this.#ask(line, wanted);
      this.#ports.moved();
    }
  }

  #ask(line: Line | null, queue: number[]): void {
    this.#asked = line;
    this.#queue = queue;
    this.#question++;
    this.#turn();
    if (line && !this.#running) void this.#run();
  }

  #turn(): void {
    this.#wake?.();
    this.#wake = null;
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      while (this.#asked && !this.#over) {
        const [line, question] = [this.#asked, this.#question];
        while (this.#queue.length > 0 && this.got.has(this.#queue[0]!)) this.#queue.shift();
        const index = this.#queue[0];
        if (index === undefined && (await this.#complete(line, question))) break;
        if (index === undefined) continue;
        if (this.#paused || this.#isFull(index)) {
          await new Promise<void>((resolve) => (this.#wake = resolve));
          continue;
        }
        const ready = await this.#take(index);
        if (question !== this.#question) continue;
        const outcome = await this.#send(line, question, ready);
        if (outcome === "sent" && question === this.#question) this.#queue.shift();
        // The line is about to say that it is gone.
        else if (outcome === "cut" && question === this.#question) await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } catch (error) {
      if (!this.#over) this.#ports.failed(error instanceof Problem ? error : unreadable(error));
      this.#over = true;
    } finally {
      this.#running = false;
    }
  }

  #isFull(index: number): boolean {
    const bytes = [...this.#underway.keys()].reduce((sum, one) => sum + this.#grid.lengthOf(one), 0);
    return bytes > 0 && bytes + this.#grid.lengthOf(index) > mostUnderway;
  }

  async #send(line: Line, question: number, { index, bytes, digest }: Ready): Promise<"sent" | "stale" | "cut"> {
    for (let offset = 0; offset < bytes.byteLength; offset += pieceBytes) {
      const piece = new Uint8Array(bytes, offset, Math.min(pieceBytes, bytes.byteLength - offset));
      if (!(await line.carry(writePiece(index, offset, piece)))) return "cut";
      if (question !== this.#question || this.got.has(index)) return "stale";
    }
    this.#underway.set(index, line);
    line.say({ type: "chunk", index, sha256: hexOf(digest) });
    return "sent";
  }

  /** The next one is read and hashed while this one leaves. */
  async #take(index: number): Promise<Ready> {
    const reading = this.#nextIndex === index && this.#next ? this.#next : this.#read(index);
    this.#next = null;
    const ready = await reading;
    const after = this.#queue.find((one) => one !== index && !this.got.has(one));
    if (after !== undefined) {
      this.#nextIndex = after;
      this.#next = this.#read(after);
      // Whoever takes it sees the failure; until then it is nobody's.
      this.#next.catch(() => {});
    }
    return ready;
  }

  async #read(index: number): Promise<Ready> {
    const start = this.#grid.startOf(index);
    const length = this.#grid.lengthOf(index);
    const bytes = await this.#file.slice(start, start + length).arrayBuffer();
    if (bytes.byteLength !== length) throw new Problem(409, "file_changed");
    const digest = new Uint8Array(await this.#ports.digest(bytes));
    if (!this.#digests.set(index, digest)) throw new Problem(409, "file_changed");
    return { index, bytes, digest };
  }

  /** All that was asked for has left: says what the whole of it is. False when there is something to give again. */
  async #complete(line: Line, question: number): Promise<boolean> {
    // Chunks that went in an earlier life of this page have not been hashed in this one.
    for (let i = 0; i < this.#grid.total; i++) if (!this.#digests.has(i)) await this.#read(i);
    const root = hexOf(new Uint8Array(await this.#ports.digest(this.#digests.all()!)));
    if (question !== this.#question) return false;
    for (const one of this.#lines) one.say({ type: "complete", sha256_root: root });
    if (!this.#lines.has(line)) return true;
    await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#over || this.#asked === null;
  }
}

/** The file was deleted, renamed or changed while it was sent. */
const unreadable = (error: unknown): Problem =>
  error instanceof DOMException && error.name === "NotReadableError" ? new Problem(409, "file_changed") : new Problem(0, "unknown", { detail: String(error) });
