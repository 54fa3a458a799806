import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

const kinds = "a[href], button, input, select, textarea, summary, audio[controls], video[controls], [tabindex]";

/** Tab stops at what is in the row that has the focus, and passes all other rows: the arrows walk over these. */
export function useOneRowOfStops(list: RefObject<HTMLElement>): void {
  useEffect(() => {
    const root = list.current;
    if (!root) return;
    // What each had before it was passed over: the attribute's words, or none.
    const passed = new Map<Element, string | null>();
    const rowOf = (target: EventTarget | null): Element | null => (target instanceof Element && root.contains(target) ? target.closest("li[data-key]") : null);
    let here = rowOf(document.activeElement);

    const passOver = (part: Element): void => {
      for (const one of [part, ...part.querySelectorAll(kinds)]) {
        if (!one.matches(kinds) || (one as HTMLElement).tabIndex < 0 || here?.contains(one)) continue;
        passed.set(one, one.getAttribute("tabindex"));
        one.setAttribute("tabindex", "-1");
      }
    };
    const stopAt = (row: Element): void => {
      for (const one of row.querySelectorAll(kinds)) {
        const before = passed.get(one);
        if (before === undefined) continue;
        passed.delete(one);
        if (before === null) one.removeAttribute("tabindex");
        else one.setAttribute("tabindex", before);
      }
    };
    const move = (target: EventTarget | null): void => {
      const next = rowOf(target);
      if (next === here) return;
      const last = here;
      here = next;
      if (last) passOver(last);
      if (here) stopAt(here);
    };
    const onFocus = (event: FocusEvent): void => move(event.target);
    const onBlur = (event: FocusEvent): void => move(event.relatedTarget);
    const changes = new MutationObserver((records) => {
      for (const { addedNodes } of records) for (const node of addedNodes) if (node instanceof Element) passOver(node);
      for (const one of passed.keys()) if (!one.isConnected) passed.delete(one);
    });
    passOver(root);
    changes.observe(root, { childList: true, subtree: true });
    root.addEventListener("focusin", onFocus);
    root.addEventListener("focusout", onBlur);
    return () => {
      changes.disconnect();
      root.removeEventListener("focusin", onFocus);
      root.removeEventListener("focusout", onBlur);
    };
  }, [list]);
}
