import { useRef, useState } from "preact/hooks";
import { useAlive } from "./useAlive";

export interface Task<A extends unknown[]> {
  readonly busy: boolean;
  readonly error: unknown;
  run(...args: A): void;
  clear(): void;
}

/** Runs one asynchronous thing at a time for a screen and keeps its failure for showing. */
export function useTask<A extends unknown[]>(work: (...args: A) => Promise<unknown>): Task<A> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const running = useRef(false);
  const alive = useAlive();
  return {
    busy,
    error,
    clear: () => setError(null),
    run(...args) {
      // State arrives a frame later; the ref stops a double click at once.
      if (running.current) return;
      running.current = true;
      setBusy(true);
      setError(null);
      work(...args)
        .catch((failure: unknown) => {
          if (alive.current) setError(failure);
        })
        .finally(() => {
          running.current = false;
          if (alive.current) setBusy(false);
        });
    },
  };
}
