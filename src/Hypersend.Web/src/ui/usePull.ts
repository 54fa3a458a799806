import { useRef, useState } from "preact/hooks";
import type { Point } from "./useContextMenu";

const slack = 12;
const far = 56;
const most = 76;
/** A finger that rests first wants the menu. */
const beginsWithinMs = 400;

/** A row that is pulled towards the beginning of the line by a finger, and does something when it was pulled far enough. */
export function usePull(onPulled: (() => void) | null) {
  const from = useRef<(Point & { readonly at: number }) | null>(null);
  const pulled = useRef<number | null>(null);
  const [pulling, setPulling] = useState(false);

  function move(row: HTMLElement, pull: number): void {
    if ((pull >= far) !== ((pulled.current ?? 0) >= far)) {
      row.toggleAttribute("data-far", pull >= far);
      if (pull >= far) navigator.vibrate?.(10);
    }
    pulled.current = pull;
    row.style.setProperty("--pull", `${document.documentElement.dir === "rtl" ? pull : -pull}px`);
  }

  function end(row: HTMLElement, counts: boolean): void {
    from.current = null;
    if (pulled.current === null) return;
    if (counts && pulled.current >= far) onPulled?.();
    move(row, 0);
    pulled.current = null;
    setPulling(false);
  }

  return {
    pulling,
    target: {
      onTouchStart({ touches, target, timeStamp }: TouchEvent): void {
        const touch = touches[0];
        // What scrolls sideways itself is left alone.
        const free = onPulled && touch && touches.length === 1 && !(target as Element).closest("pre, input, audio, video");
        from.current = free ? { x: touch.clientX, y: touch.clientY, at: timeStamp } : null;
      },
      onTouchMove(event: TouchEvent): void {
        const touch = event.touches[0];
        if (!from.current || !touch) return;
        const [across, down] = [touch.clientX - from.current.x, touch.clientY - from.current.y];
        const pull = (document.documentElement.dir === "rtl" ? across : -across) - slack;
        if (pulled.current === null) {
          if (Math.abs(down) > slack || event.timeStamp - from.current.at > beginsWithinMs) from.current = null;
          if (pull <= 0 || Math.abs(down) > Math.abs(across) / 2) return;
          setPulling(true);
        }
        move(event.currentTarget as HTMLElement, Math.max(0, Math.min(most, pull)));
      },
      onTouchEnd: (event: TouchEvent): void => end(event.currentTarget as HTMLElement, true),
      onTouchCancel: (event: TouchEvent): void => end(event.currentTarget as HTMLElement, false),
    },
  };
}
