import { createHash } from "node:crypto";
import { Grid } from "../../src/core/direct/grid";
import type { End, Line, Route } from "../../src/core/direct/line";
import { Pull } from "../../src/core/direct/pull";
import { inOrder, type Sink } from "../../src/core/direct/sink";
import { Supply } from "../../src/core/direct/supply";
import type { Problem } from "../../src/core/problem";
import type { Clock } from "../../src/core/clock";

/** Time goes on from one thing that waits to the next, so that a minute takes no longer than what happens in it. */
class StepClock implements Clock {
  time = 1_000_000;
  #timers: { at: number; run: () => void }[] = [];
  now = (): number => this.time;
  random = (): number => 0.5;
  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((other) => other !== timer));
  }

  step(): void {
    const next = this.#timers.reduce<{ at: number; run: () => void } | null>((first, one) => (first === null || one.at < first.at ? one : first), null);
    if (!next) return;
    this.#timers = this.#timers.filter((one) => one !== next);
    this.time = Math.max(this.time, next.at);
    next.run();
  }
}

/** A file that is read at once. */
const blobOf = (bytes: Uint8Array<ArrayBuffer>): Blob =>
  ({ size: bytes.length, slice: (from: number, to: number) => ({ arrayBuffer: async () => bytes.slice(from, to).buffer }) }) as unknown as Blob;

/** One way between two ends of this process; it can be slow, silent, cut, or change bytes. */
export class Wire {
  readonly atSupply: Line;
  readonly atPull: Line;
  isUp = true;
  isSilent = false;
  /** Milliseconds of the test's clock for each 64 KiB. */
  slowness: number;
  carried = 0;
  spoil: (frame: Uint8Array) => void = () => {};
  #waiting: Promise<unknown> = Promise.resolve();
  #held: (() => void)[] | null = null;

  constructor(readonly route: Route, private readonly couple: Couple, slowness = 1) {
    this.slowness = slowness;
    this.atSupply = {
      route, seal: null,
      say: (word) => this.#hand(() => couple.pull.heard(this.atPull, word)),
      carry: async (frame) => {
        await new Promise<void>((resolve) => void couple.clock.after(this.slowness, resolve));
        if (!this.isUp) return false;
        this.carried++;
        this.spoil(frame);
        this.#hand(() => couple.pull.came(this.atPull, frame));
        return true;
      },
    };
    this.atPull = { route, seal: null, say: (word) => this.#hand(() => couple.supply.heard(this.atSupply, word)), carry: async () => false };
    this.open();
  }

  open(): void {
    this.isUp = true;
    this.couple.supply.up(this.atSupply);
    this.couple.pull.up(this.atPull);
  }

  cut(): void {
    this.isUp = false;
    for (const [end, line] of [[this.couple.supply, this.atSupply], [this.couple.pull, this.atPull]] as const) (end as End).down(line);
  }

  /** From now on nothing arrives; nothing of it is lost either. */
  hold(): void {
    this.#held ??= [];
  }

  /** All of that arrives now. */
  release(): void {
    this.#waiting = this.#waiting.then(() => {
      const held = this.#held ?? [];
      this.#held = null;
      for (const give of held) give();
    });
  }

  #hand(give: () => void): void {
    this.#waiting = this.#waiting.then(() => {
      if (!this.isUp || this.isSilent) return;
      if (this.#held) this.#held.push(give);
      else give();
    });
  }
}

/** Two people, a file, and the ways between them. */
export class Couple {
  readonly clock = new StepClock();
  readonly file: Uint8Array<ArrayBuffer>;
  readonly written: Uint8Array;
  readonly writes = new Map<number, number>();
  readonly grid: Grid;
  readonly supply: Supply;
  readonly pull: Pull;
  problem: Problem | null = null;
  isClosed = false;
  outcome: { root: string; isSame: true | null } | null = null;

  constructor({ size = 8 * 131_072 - 99, chunkSize = 131_072, read, expectsDirect = false, inOrder: ordered = false }: { inOrder?: boolean;  size?: number; chunkSize?: number; read?: (bytes: Uint8Array<ArrayBuffer>) => Blob; expectsDirect?: boolean } = {}) {
    this.file = new Uint8Array(size);
    for (let i = 0; i < size; i++) this.file[i] = (i * 31 + (i >> 8) * 7) & 0xff;
    this.written = new Uint8Array(size);
    const grid = this.grid = new Grid(size, chunkSize, Math.ceil(size / chunkSize));
    const digest = async (bytes: ArrayBuffer): Promise<ArrayBuffer> => Uint8Array.from(createHash("sha256").update(new Uint8Array(bytes)).digest()).buffer;
    const failed = (problem: Problem): void => void (this.problem = problem);
    const write = async (position: number, bytes: Uint8Array): Promise<void> => {
      this.writes.set(position, (this.writes.get(position) ?? 0) + 1);
      this.written.set(bytes, position);
    };
    const close = async (): Promise<void> => void (this.isClosed = true);
    let end = 0;
    const append = async (bytes: Uint8Array): Promise<void> => {
      await write(end, bytes);
      end += bytes.length;
    };
    const sink: Sink = ordered ? inOrder(append, close, async () => {}) : { write, close, abort: async () => {} };
    this.supply = new Supply((read ?? blobOf)(this.file), grid, { digest, clock: this.clock, moved: () => {}, failed });
    this.pull = new Pull(grid, sink, { digest, clock: this.clock, moved: () => {}, failed, done: (what) => void (this.outcome = what) }, expectsDirect);
  }

  /** An earlier life of the receiver's page left all of it. */
  restore(): void {
    const bytes = Buffer.concat(Array.from({ length: this.grid.total }, (_, i) => createHash("sha256").update(this.file.subarray(this.grid.startOf(i), this.grid.startOf(i) + this.grid.lengthOf(i))).digest()));
    this.written.set(this.file);
    this.pull.restore({ bytes: Uint8Array.from(bytes), known: new Uint8Array(this.grid.total).fill(1) });
  }

  get isEqual(): boolean {
    return Buffer.compare(this.file, this.written) === 0;
  }

  /** Lets time pass until it is so; there is a limit to every patience. */
  async until(isSo: () => boolean): Promise<void> {
    for (let steps = 0; steps < 100_000; steps++) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (isSo()) return;
      this.clock.step();
    }
    throw new Error(`It never became so: ${this.pull.verified.count} chunks are there, ${String(this.problem)}`);
  }

  /** Every byte is right, was written once, and both ends say the same of the whole. */
  get whole(): string[] {
    return [
      ...(this.isEqual ? [] : ["other bytes"]),
      ...(this.isClosed ? [] : ["not closed"]),
      ...([...this.writes.values()].every((count) => count === 1) ? [] : ["written twice"]),
      ...(this.outcome ? [] : ["not done"]),
      ...(this.problem ? [this.problem.code] : []),
    ];
  }
}
