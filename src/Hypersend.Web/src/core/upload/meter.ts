const windowMs = 8_000;
const everyMs = 500;
/** A line on which nothing moves for so long was given up. */
const restMs = 20_000;

/** How fast bytes pass, over the last seconds: bytes that have to go once more count again, as the line carried them. */
export class Meter {
  #samples: { at: number; passed: number }[] = [];
  #passed = 0;

  passed(bytes: number, now: number): void {
    this.#passed += bytes;
    const last = this.#samples.at(-1);
    // The hours in which a lid was closed are no part of how fast it goes.
    if (last && now - last.at > restMs) this.reset();
    if (!last || now - last.at >= everyMs) this.#samples.push({ at: now, passed: this.#passed });
  }

  /** Bytes per second. */
  speed(now: number): number {
    while (this.#samples.length > 2 && now - this.#samples[0]!.at > windowMs) this.#samples.shift();
    const first = this.#samples[0];
    if (!first || now - this.#samples.at(-1)!.at > windowMs) return 0;
    const seconds = (now - first.at) / 1000;
    return seconds > 0.2 ? (this.#passed - first.passed) / seconds : 0;
  }

  eta(left: number, now: number): number | null {
    const speed = this.speed(now);
    return speed > 0 ? Math.ceil(left / speed) : left === 0 ? 0 : null;
  }

  reset(): void {
    this.#samples = [];
  }
}
