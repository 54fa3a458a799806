import { useEffect, useState } from "preact/hooks";

/** How many of a long list are drawn: at first what fits on a screen, and the rest when that has been seen. */
export function useGrowing(count: number, first: number): number {
  const [drawn, setDrawn] = useState(first);
  useEffect(() => {
    if (drawn >= count) return;
    const timer = setTimeout(() => setDrawn(drawn * 4));
    return () => clearTimeout(timer);
  }, [drawn, count]);
  return drawn;
}
