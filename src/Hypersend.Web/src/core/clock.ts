/** Time and chance, so that tests can own both. */
export interface Clock {
  /** Milliseconds; the wall clock, which may jump. */
  now(): number;
  /** Calls back after that many milliseconds; answers how to cancel. */
  after(ms: number, run: () => void): () => void;
  random(): number;
}

export const realClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

export const pause = (clock: Clock, ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
