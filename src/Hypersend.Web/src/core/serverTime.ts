import { signal } from "@preact/signals-core";

/** What less than this is, the way there and back can be. */
const slackMs = 90_000;

export interface ServerTime {
  now(): number;
  /** The date of an answer, as its header says it. */
  heard(date: string | null): void;
}

/**
 * What time it is by the server's clock. A device that is a day behind would call today tomorrow, and mute until an hour that
 * is long past; where both clocks agree, its own is finer.
 */
export function createServerTime(local: () => number = Date.now): ServerTime {
  const ahead = signal(0);
  return {
    now: () => local() + ahead.value,
    heard(date) {
      const off = Date.parse(date ?? "") - local();
      if (Number.isNaN(off)) return;
      const next = Math.abs(off) < slackMs ? 0 : off;
      // An answer that was long on its way must not move what the ones before it have told.
      if (Math.abs(next - ahead.peek()) >= slackMs) ahead.value = next;
    },
  };
}
