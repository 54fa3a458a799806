import type { Messenger } from "../../core/model";
import { dropShared } from "../../core/offline/shared";
import { messenger } from "../../talk";

/** Ends the session on this device: what still waits for its time is done before, and the next person here finds nothing of this one. */
export async function goOut(leave: () => Promise<void>): Promise<void> {
  const here = messenger.peek();
  // A deletion that could still be taken back needs the session that is about to end.
  here?.leaving();
  try {
    await leave();
  } catch (error) {
    here?.people.idle(false);
    throw error;
  }
  await forget(here);
}

/** Messages and files of this device that would go with it. */
export function leavesUnsent(): boolean {
  const here = messenger.peek();
  return here !== null && (here.outbox.entries.peek().length > 0 || here.transfers.active.peek() > 0 || here.directs.active.peek() > 0);
}

/** Nothing of this person stays in the browser, nor what another app handed over for them. */
export async function forget(here: Messenger | null): Promise<void> {
  await here?.stop("nothing");
  if ("caches" in globalThis) await dropShared(caches);
}
