import type { TabChannel, TabLocks, TabWord } from "./tabLine";

export function browserChannel(userId: string): TabChannel | null {
  if (typeof BroadcastChannel === "undefined") return null;
  const channel = new BroadcastChannel(`hypersend.live.${userId}`);
  let isClosed = false;
  return {
    // What is still under way when the person leaves has nobody left to tell.
    post: (word) => isClosed || channel.postMessage(word),
    listen: (hear) => (channel.onmessage = (event: MessageEvent<TabWord>) => hear(event.data)),
    close() {
      isClosed = true;
      channel.close();
    },
  };
}

/** Null on plain http from another machine, where browsers have no locks. */
export function browserLocks(): TabLocks | null {
  const locks = (navigator as { locks?: LockManager }).locks;
  if (!locks) return null;
  return {
    hold(name, run) {
      const giveUp = new AbortController();
      let release = (): void => giveUp.abort();
      locks
        .request(name, { signal: giveUp.signal }, () => {
          run();
          return new Promise<void>((resolve) => (release = resolve));
        })
        // Aborted while waiting, which is what was asked for.
        .catch(() => {});
      return () => release();
    },
    tryHold: (name) =>
      new Promise((resolve) => {
        locks
          .request(name, { ifAvailable: true }, (lock) => {
            if (!lock) return resolve(null);
            return new Promise<void>((release) => resolve(() => release()));
          })
          .catch(() => resolve(null));
      }),
  };
}
