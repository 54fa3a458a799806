import type { Clock } from "../clock";
import { Backoff } from "../live/backoff";
import { Problem } from "../problem";
import { Meter } from "./meter";
import { UploadPlan, type StoredDigests } from "./plan";
import { nextStep } from "./rules";
import { Width } from "./width";

/** One try of one chunk. Rejects with a Problem; `offline` when there was no answer. */
export type SendChunk = (chunk: {
  readonly uploadId: string;
  readonly token: string;
  readonly index: number;
  readonly body: Blob;
  readonly sha256: string | null;
  readonly signal: AbortSignal;
  /** Bytes of this try that have left so far. */
  readonly progress: (sent: number) => void;
}) => Promise<void>;

export interface RunStatus {
  readonly received: readonly (readonly number[])[];
  readonly token: string | null;
  readonly state: "uploading" | "ready";
}

export interface RunPorts {
  readonly send: SendChunk;
  /** Asks the server how far the upload is; with it comes a new token. */
  readonly status: () => Promise<RunStatus>;
  /** SHA-256, or null where the browser has none. */
  readonly digest: ((bytes: ArrayBuffer) => Promise<ArrayBuffer>) | null;
  readonly clock: Clock;
  readonly progress: (progress: Progress) => void;
}

export interface Progress {
  readonly received: number;
  readonly speed: number;
  readonly eta: number | null;
  readonly lanes: number;
  /** Nothing moves, and why. */
  readonly waiting: Problem | null;
  readonly digests: StoredDigests | null;
}

export interface Job {
  readonly uploadId: string;
  readonly token: string;
  readonly chunkSize: number;
  readonly received: readonly (readonly number[])[];
  readonly digests: StoredDigests | null;
  readonly lanes: number;
  /** What is there is not read again: nobody asks for the digest of the whole. */
  readonly onlyMissing?: boolean;
}

const stallMs = 20_000;
/** All bytes are out, and the server writes them to its disk. */
const answerMs = 60_000;
const fewTries = 5;
const tellEveryMs = 250;
const digestsEveryMs = 3_000;

/** Carries one file to the server: several chunks at once, each with its digest, each as often as it needs. */
export class UploadRun {
  readonly #file: Blob;
  readonly #job: Job;
  readonly #ports: RunPorts;
  readonly #plan: UploadPlan;
  readonly #meter = new Meter();
  readonly #width: Width;
  readonly #inFlight = new Map<number, { sent: number; abort: AbortController }>();
  #token: string;
  #renewing: Promise<void> | null = null;
  #stopped = false;
  #wake: (() => void)[] = [];
  #hashing: Promise<unknown> = Promise.resolve();
  #toldAt = 0;
  #digestsAt = 0;
  #waiting: Problem | null = null;
  #active = 0;

  constructor(file: Blob, job: Job, ports: RunPorts) {
    this.#file = file;
    this.#job = job;
    this.#ports = ports;
    this.#token = job.token;
    this.#plan = new UploadPlan(file.size, job.chunkSize, job.received, job.digests);
    this.#width = new Width(job.lanes);
    this.#digestsAt = ports.clock.now();
  }

  get plan(): UploadPlan {
    return this.#plan;
  }

  get token(): string {
    return this.#token;
  }

  /** Ends when every chunk is there (true) or `stop` was called (false). Rejects with the Problem that ended it. */
  async run(): Promise<boolean> {
    let failure: unknown = null;
    const lanes = new Set<Promise<void>>();
    while (!this.#stopped && failure === null) {
      while (this.#active < this.#width.lanes && failure === null && !this.#stopped) {
        const index = this.#plan.take(this.#ports.digest !== null && !this.#job.onlyMissing);
        if (index === null) break;
        this.#active++;
        const lane = this.#carry(index)
          .catch((error: unknown) => {
            failure ??= error;
            this.#abortAll();
          })
          .finally(() => {
            this.#active--;
            lanes.delete(lane);
          });
        lanes.add(lane);
      }
      if (lanes.size === 0) break;
      await Promise.race(lanes);
    }
    await Promise.all(lanes);
    this.#tell(true);
    if (failure !== null) throw failure;
    return !this.#stopped && this.#plan.isComplete;
  }

  /** Lets go of the line at once; what was acknowledged stays, and another run goes on from there. */
  stop(): void {
    this.#stopped = true;
    this.#abortAll();
  }

  /** The network is back: whoever waits for its next try goes now. */
  nudge(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  #abortAll(): void {
    for (const { abort } of this.#inFlight.values()) abort.abort();
    this.nudge();
  }

  async #carry(index: number): Promise<void> {
    const backoff = new Backoff(this.#ports.clock, 1_000, 30_000);
    let few = 0;
    let tokens = 0;
    for (;;) {
      let token = this.#token;
      try {
        const sha256 = await this.#digestOf(index);
        if (this.#plan.isThere(index)) return this.#tell();
        if (this.#stopped) return this.#plan.giveBack(index);
        token = this.#token;
        await this.#try(index, sha256, token);
        this.#plan.landed(index);
        this.#waiting = null;
        return this.#tell();
      } catch (error) {
        if (this.#stopped) return this.#plan.giveBack(index);
        const problem = error instanceof Problem ? error : unreadable(error);
        const step = nextStep(problem);
        if (step === "give-up" || (step === "few" && ++few >= fewTries) || (step === "token" && ++tokens > 3)) throw problem;
        if (step !== "token") {
          this.#width.failed(this.#ports.clock.now());
          this.#waiting = problem;
          this.#tell(true);
          await this.#pause(Math.max(backoff.next(), problem.retryAfter * 1000));
        }
        if (this.#stopped) return this.#plan.giveBack(index);
        // Another lane may have brought a new token while this one was on its way with the old one.
        if (step === "token" && token !== this.#token) continue;
        await this.#ask(step === "token");
        if (this.#plan.isThere(index) && this.#plan.isHashed(index)) return this.#tell();
      }
    }
  }

  async #try(index: number, sha256: string | null, token: string): Promise<void> {
    const { clock } = this.#ports;
    const abort = new AbortController();
    const flight = { sent: 0, abort };
    const length = this.#plan.lengthOf(index);
    let stalled = false;
    const stall = (): void => {
      stalled = true;
      abort.abort();
    };
    let cancel = clock.after(stallMs, stall);
    this.#inFlight.set(index, flight);
    try {
      await this.#ports.send({
        uploadId: this.#job.uploadId,
        token,
        index,
        body: this.#file.slice(index * this.#plan.chunkSize, index * this.#plan.chunkSize + length),
        sha256,
        signal: abort.signal,
        progress: (sent) => {
          cancel();
          cancel = clock.after(sent >= length ? answerMs : stallMs, stall);
          const more = Math.max(0, Math.min(sent, length) - flight.sent);
          flight.sent += more;
          this.#passed(more);
        },
      });
      this.#passed(length - flight.sent);
    } catch (error) {
      throw stalled ? new Problem(0, "stalled") : error;
    } finally {
      cancel();
      this.#inFlight.delete(index);
    }
  }

  #passed(bytes: number): void {
    if (bytes <= 0) return;
    const now = this.#ports.clock.now();
    this.#meter.passed(bytes, now);
    this.#width.passed(bytes, now);
    this.#tell();
  }

  /** One after the other, so that one chunk at a time is in memory, however many are on their way. */
  #digestOf(index: number): Promise<string | null> {
    const { digest } = this.#ports;
    if (!digest) return Promise.resolve(null);
    const start = index * this.#plan.chunkSize;
    const work = this.#hashing.then(async () => {
      const bytes = await this.#file.slice(start, start + this.#plan.lengthOf(index)).arrayBuffer();
      if (bytes.byteLength !== this.#plan.lengthOf(index)) throw new Problem(409, "file_changed");
      const hash = new Uint8Array(await digest(bytes));
      this.#plan.hashed(index, hash);
      return hexOf(hash);
    });
    this.#hashing = work.catch(() => {});
    return work;
  }

  /** All lanes share one question. Where the server does not answer, the next try will find out. */
  #ask(needed: boolean): Promise<void> {
    this.#renewing ??= this.#ports
      .status()
      .then((status) => {
        if (status.token) this.#token = status.token;
        this.#plan.learn(status.received);
        if (status.state === "ready") this.#plan.learn([[0, this.#plan.total - 1]]);
      })
      .finally(() => (this.#renewing = null));
    return this.#renewing.catch((error: unknown) => {
      const problem = error instanceof Problem ? error : new Problem(0, "offline");
      // What the server itself says of the upload is final: it is gone, or not mine.
      if (problem.status === 404 || problem.status === 410 || (needed && problem.status === 401)) throw problem;
    });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#ports.clock.after(ms, resolve);
      this.#wake.push(() => {
        cancel();
        resolve();
      });
    });
  }

  #tell(always = false): void {
    const now = this.#ports.clock.now();
    if (!always && now - this.#toldAt < tellEveryMs) return;
    this.#toldAt = now;
    const keeps = this.#ports.digest !== null && (now - this.#digestsAt >= digestsEveryMs || (always && this.#active === 0));
    if (keeps) this.#digestsAt = now;
    const flying = [...this.#inFlight].reduce((sum, [index, flight]) => sum + (this.#plan.isThere(index) ? 0 : flight.sent), 0);
    const received = this.#plan.bytesThere + flying;
    this.#ports.progress({
      received,
      speed: this.#waiting ? 0 : this.#meter.speed(now),
      eta: this.#waiting ? null : this.#meter.eta(this.#plan.size - received, now),
      lanes: this.#width.lanes,
      waiting: this.#waiting,
      digests: keeps ? this.#plan.digests() : null,
    });
  }
}

/** The file was deleted, renamed or changed while it was sent. */
const unreadable = (error: unknown): Problem =>
  error instanceof DOMException && error.name === "NotReadableError" ? new Problem(409, "file_changed") : new Problem(0, "offline");

export const hexOf = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
