import type { Clock } from "../clock";

/**
 * How long to wait before the next try: chance out of a span that doubles, so that a thousand clients do not come back in the
 * same moment. Where the server says a time, that is the time.
 */
export class Backoff {
  #failures = 0;
  readonly #clock: Clock;
  readonly #first: number;
  readonly #longest: number;

  constructor(clock: Clock, first = 500, longest = 30_000) {
    this.#clock = clock;
    this.#first = first;
    this.#longest = longest;
  }

  next(told: number | null = null): number {
    if (told !== null) return Math.min(told, this.#longest);
    return Math.min(this.#longest, this.#first * 2 ** Math.min(this.#failures++, 30)) * this.#clock.random();
  }

  succeeded(): void {
    this.#failures = 0;
  }
}

/** The `retry_ms` of a close reason, however it is wrapped. */
export function retryIn(reason: string): number | null {
  const found = /retry_ms["=: ]*(\d+)/.exec(reason);
  return found ? Number(found[1]) : null;
}
