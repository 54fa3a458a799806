import { signal } from "@preact/signals";
import type { Messenger } from "./core/model";

/** The conversations of whoever is logged in; null before and after. */
export const messenger = signal<Messenger | null>(null);

/** For what is only on the screen while somebody is logged in. */
export function talk(): Messenger {
  const current = messenger.value;
  if (!current) throw new Error("Nobody is logged in.");
  return current;
}
