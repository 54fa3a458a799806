import { useEffect, useState } from "preact/hooks";

const restAfterMs = 200;

/** How many of a long list are drawn: at first what fits on a screen, and the rest when that has been seen. */
export function useGrowing(count: number, first: number): number {
  const [drawn, setDrawn] = useState(first);
  useEffect(() => {
    if (drawn >= count) return;
    // Safari has no idle moments to ask for.
    if (!("requestIdleCallback" in globalThis)) {
      const timer = setTimeout(() => setDrawn(drawn * 4), restAfterMs);
      return () => clearTimeout(timer);
    }
    const waiting = requestIdleCallback(() => setDrawn(drawn * 4), { timeout: restAfterMs });
    return () => cancelIdleCallback(waiting);
  }, [drawn, count]);
  return drawn;
}
