import { useEffect, type MutableRef } from "preact/hooks";

const restsAfterMs = 1_200;

/** Marks what is being scrolled, for what shows itself only then. */
export function useMoving(scroller: MutableRef<HTMLElement | null>): void {
  useEffect(() => {
    const list = scroller.current;
    if (!list) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const moves = (): void => {
      if (timer === undefined) list.dataset.moving = "";
      clearTimeout(timer);
      timer = setTimeout(() => {
        timer = undefined;
        delete list.dataset.moving;
      }, restsAfterMs);
    };
    list.addEventListener("scroll", moves, { passive: true });
    return () => {
      list.removeEventListener("scroll", moves);
      clearTimeout(timer);
    };
  }, []);
}
