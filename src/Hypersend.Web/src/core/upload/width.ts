export const leastLanes = 1;
export const mostLanes = 8;

const lookEveryMs = 4_000;
const worthIt = 1.08;

/**
 * How many chunks go beside each other. One more is tried while it makes the whole faster, and taken back when it does not;
 * a failure halves. Pure: time and bytes are told.
 */
export class Width {
  #lanes: number;
  #since: number | null = null;
  #bytes = 0;
  #before = 0;
  /** The last look changed the number: this one judges it. */
  #tried = false;
  #step = 1;
  #rest = 0;
  #failedAt = -Infinity;

  constructor(lanes = 4) {
    this.#lanes = Math.min(mostLanes, Math.max(leastLanes, lanes));
  }

  get lanes(): number {
    return this.#lanes;
  }

  passed(bytes: number, now: number): void {
    // What came before the window began is not of it.
    if (this.#since === null) {
      this.#since = now;
      return;
    }
    this.#bytes += bytes;
    const took = now - this.#since;
    if (took < lookEveryMs) return;
    const speed = this.#bytes / took;
    this.#since = now;
    this.#bytes = 0;
    this.#decide(speed);
  }

  /** Lanes mostly fail together: that counts once. */
  failed(now: number): void {
    if (now - this.#failedAt < lookEveryMs) return;
    this.#failedAt = now;
    this.#lanes = Math.max(leastLanes, Math.floor(this.#lanes / 2));
    this.#tried = false;
    this.#step = 1;
    this.#rest = 0;
    this.#since = null;
    this.#bytes = 0;
  }

  #decide(speed: number): void {
    // After a try that did not pay, it stays for a while: the line may be another one later.
    if (this.#rest > 0) {
      this.#rest--;
      return;
    }
    if (this.#tried && speed < this.#before * worthIt) {
      this.#lanes = clamp(this.#lanes - this.#step);
      this.#tried = false;
      this.#step = -this.#step;
      this.#rest = 4;
      return;
    }
    this.#before = speed;
    const next = clamp(this.#lanes + this.#step);
    this.#tried = next !== this.#lanes;
    if (!this.#tried) {
      this.#step = -this.#step;
      this.#rest = 4;
    }
    this.#lanes = next;
  }
}

const clamp = (lanes: number): number => Math.min(mostLanes, Math.max(leastLanes, lanes));
