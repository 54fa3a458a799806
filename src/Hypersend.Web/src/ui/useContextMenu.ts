import { useRef } from "preact/hooks";

export interface Point {
  x: number;
  y: number;
}

const holdMs = 450;
const slack = 10;

/** Right click, the keyboard's menu key and a long press, all of them one call. Spread it on the element. */
export function useContextMenu(open: (at: Point) => void) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const start = useRef<Point | null>(null);
  const held = useRef(false);
  const stop = (): void => {
    clearTimeout(timer.current);
    start.current = null;
  };
  return {
    onContextMenu(event: MouseEvent) {
      event.preventDefault();
      stop();
      if (held.current) return;
      // The keyboard's menu key has no place of its own.
      const box = (event.currentTarget as Element).getBoundingClientRect();
      const pointed = event.clientX !== 0 || event.clientY !== 0;
      open(pointed ? { x: event.clientX, y: event.clientY } : { x: box.left + 24, y: box.top + 24 });
    },
    onTouchStart(event: TouchEvent) {
      held.current = false;
      const touch = event.touches[0];
      if (!touch || event.touches.length > 1) return stop();
      const at = { x: touch.clientX, y: touch.clientY };
      start.current = at;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        held.current = true;
        navigator.vibrate?.(10);
        open(at);
      }, holdMs);
    },
    onTouchMove(event: TouchEvent) {
      const touch = event.touches[0];
      if (!touch || !start.current) return;
      if (Math.hypot(touch.clientX - start.current.x, touch.clientY - start.current.y) > slack) stop();
    },
    onTouchEnd(event: TouchEvent) {
      stop();
      // The click that would follow a long press is not meant.
      if (held.current) event.preventDefault();
    },
    onTouchCancel: stop,
  };
}
