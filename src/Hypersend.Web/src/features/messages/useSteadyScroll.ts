import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { RefObject } from "preact";

interface Anchor {
  key: string;
  /** From the top of what is seen to the top of the row. */
  offset: number;
}

const gluedWithin = 48;

/**
 * Keeps what the eye rests on where it is, whatever is put above, taken away or grows: the second row in sight is the anchor,
 * and after each change the list is moved by as much as it has moved. Only a reader at the very end is taken along.
 */
export function useSteadyScroll({ atEnd, onScroll }: {
  /** Whether the last row in the page is the last one there is. */
  atEnd: boolean;
  onScroll: (state: { scroller: HTMLElement; glued: boolean }) => void;
}) {
  const scroller: RefObject<HTMLDivElement> = useRef(null);
  const content: RefObject<HTMLOListElement> = useRef(null);
  const anchor = useRef<Anchor | null>(null);
  const glued = useRef(true);
  /** Where the list was left, to see what was scrolled since then. */
  const left = useRef(0);
  /** How high the list was then, all of it and what is seen of it. */
  const size = useRef({ whole: 0, seen: 0 });
  const end = useRef(atEnd);
  end.current = atEnd;
  const told = useRef(onScroll);
  told.current = onScroll;

  const rows = (): HTMLElement[] => [...(content.current?.querySelectorAll<HTMLElement>(":scope > [data-key]") ?? [])];

  function leave(list: HTMLElement): void {
    left.current = list.scrollTop;
    size.current = { whole: list.scrollHeight, seen: list.clientHeight };
  }

  function remember(): void {
    const list = scroller.current;
    if (!list) return;
    glued.current = end.current && list.scrollHeight - list.scrollTop - list.clientHeight <= gluedWithin;
    leave(list);
    const top = list.getBoundingClientRect().top;
    const all = rows();
    let low = 0;
    let high = all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (all[middle]!.getBoundingClientRect().bottom > top) high = middle;
      else low = middle + 1;
    }
    const row = all[low + 1] ?? all[low];
    anchor.current = row ? { key: row.dataset.key!, offset: row.getBoundingClientRect().top - top } : null;
  }

  /** What was scrolled and is told of only with the next frame counts already; a list that became shorter is no scrolling. */
  function heed(list: HTMLElement): void {
    const scrolled = list.scrollTop - left.current;
    if (scrolled === 0 || left.current > list.scrollHeight - list.clientHeight) return;
    left.current = list.scrollTop;
    if (scrolled < -gluedWithin) glued.current = false;
    if (anchor.current) anchor.current = { ...anchor.current, offset: anchor.current.offset - scrolled };
  }

  function restore(): void {
    const list = scroller.current;
    if (!list) return;
    heed(list);
    if (glued.current) {
      list.scrollTop = list.scrollHeight;
      leave(list);
      return;
    }
    const at = anchor.current;
    const row = at && rows().find((one) => one.dataset.key === at.key);
    if (!at || !row) return;
    const moved = row.getBoundingClientRect().top - list.getBoundingClientRect().top - at.offset;
    if (Math.abs(moved) >= 0.5) list.scrollTop += moved;
    leave(list);
  }

  useLayoutEffect(restore);

  useEffect(() => {
    const list = scroller.current!;
    const heard = (): void => {
      // An earlier scrolling may be told of when something above has taken room already, and before its size is: the end is left by nobody then.
      if (glued.current && (list.scrollHeight !== size.current.whole || list.clientHeight !== size.current.seen)) restore();
      remember();
      told.current({ scroller: list, glued: glued.current });
    };
    list.addEventListener("scroll", heard, { passive: true });
    // Called before the paint, so a late picture or a new width is never seen out of place.
    const watch = new ResizeObserver(() => {
      restore();
      remember();
    });
    watch.observe(list);
    watch.observe(content.current!);
    return () => {
      list.removeEventListener("scroll", heard);
      watch.disconnect();
    };
  }, []);

  return {
    scroller,
    content,
    isGlued: () => glued.current,
    /** Puts a row at a part of the height; from here on it is the anchor. */
    show(key: string, part: number): HTMLElement | null {
      const list = scroller.current;
      const row = rows().find((one) => one.dataset.key === key);
      if (!list || !row) return null;
      glued.current = false;
      const room = Math.max(0, list.clientHeight - row.offsetHeight);
      list.scrollTop += row.getBoundingClientRect().top - list.getBoundingClientRect().top - Math.min(room, list.clientHeight * part);
      remember();
      return row;
    },
    toEnd(): void {
      glued.current = true;
      const list = scroller.current;
      if (!list) return;
      list.scrollTop = list.scrollHeight;
      leave(list);
    },
  };
}
