import { signal } from "@preact/signals";

const query = matchMedia("(min-width: 840px)");
const wide = signal(query.matches);
query.addEventListener("change", () => {
  wide.value = query.matches;
});

/** Whether two panes fit beside each other; the same width as in the style sheets. */
export const useWide = (): boolean => wide.value;
