import { useEffect, useRef } from "preact/hooks";

/** Whether what asked is still on the screen when the answer comes: whoever went on is not called back. */
export function useAlive(): { readonly current: boolean } {
  const alive = useRef(true);
  useEffect(() => () => {
    alive.current = false;
  }, []);
  return alive;
}
