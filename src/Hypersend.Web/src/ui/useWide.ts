import { signal } from "@preact/signals";

function follow(query: string) {
  const list = matchMedia(query);
  const matches = signal(list.matches);
  list.addEventListener("change", () => {
    matches.value = list.matches;
  });
  return matches;
}

const two = follow("(min-width: 600px)");
const forms = follow("(min-width: 840px)");
const three = follow("(min-width: 1024px)");

/** Whether two panes of forms fit beside each other; the same width as in the style sheets. */
export const useWide = (): boolean => forms.value;

/** How many panes of the messenger fit: list, conversation, details. */
export const usePanes = (): 1 | 2 | 3 => (three.value ? 3 : two.value ? 2 : 1);
