import { useLayoutEffect, useRef } from "preact/hooks";

/** What history remembers of an entry: whether an overlay lies on its page, and whether Back stays in the app. */
export interface Entry {
  overlay?: number;
  inside?: boolean;
}

export const entry = (): Entry => (history.state as Entry | null) ?? {};

let serial = 0;
// A closing overlay gives its entry back a moment later, so that the one that follows it (menu, then dialog) can take it over.
let leaving: ReturnType<typeof setTimeout> | undefined;
// The browser goes back when it pleases. Whatever opens before that must wait: the step back would take its entry instead.
let returning = false;
const open = new Set<number>();
addEventListener("popstate", () => {
  returning = false;
  const { overlay } = entry();
  // One that closed beneath another left its entry behind: a step onto it is a step for nothing.
  if (overlay === undefined || open.has(overlay)) return;
  returning = true;
  history.back();
});

// A page that the browser had put aside comes back without one.
addEventListener("pageshow", () => (returning = false));

// After a reload nothing lies on the page any more.
if (entry().overlay) history.replaceState({ inside: true } satisfies Entry, "");

/** What follows a step back that is still on its way: it would be taken back with it. */
export function afterReturn(run: () => void): void {
  if (!returning) return run();
  const onward = (): void => {
    removeEventListener("popstate", onward);
    removeEventListener("pageshow", onward);
    afterReturn(run);
  };
  addEventListener("popstate", onward);
  addEventListener("pageshow", onward);
}

/** Whether the current entry belongs to an overlay; whoever goes to another page then replaces it instead of adding one. */
export function takeOverlayEntry(): boolean {
  takeLeaving();
  return entry().overlay !== undefined;
}

function takeLeaving(): boolean {
  const isLeft = leaving !== undefined;
  clearTimeout(leaving);
  leaving = undefined;
  return isLeft;
}

/** Gives an overlay an entry of its own, so that Back closes it and nothing else. */
export function useBackClose(onClose: () => void): void {
  const close = useRef(onClose);
  close.current = onClose;
  useLayoutEffect(() => {
    const id = ++serial;
    const state = { overlay: id, inside: true } satisfies Entry;
    const onPop = (): void => {
      if ((entry().overlay ?? 0) < id) close.current();
    };
    const begin = (): void => {
      if (returning) return addEventListener("popstate", begin, { once: true });
      // What lies beneath keeps its entry: Back closes one after the other.
      if (takeLeaving()) history.replaceState(state, "");
      else history.pushState(state, "");
      open.add(id);
      addEventListener("popstate", onPop);
    };
    begin();
    return () => {
      open.delete(id);
      removeEventListener("popstate", begin);
      removeEventListener("popstate", onPop);
      if (entry().overlay !== id) return;
      leaving = setTimeout(() => {
        leaving = undefined;
        if (entry().overlay !== id) return;
        returning = true;
        history.back();
      }, 60);
    };
  }, []);
}
