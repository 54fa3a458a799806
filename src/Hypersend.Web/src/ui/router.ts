import { signal } from "@preact/signals";

/** The path of the address bar as a signal; real history, so Back does what people expect. */
export const path = signal(location.pathname);

addEventListener("popstate", () => {
  path.value = location.pathname;
});

export function go(to: string, replace = false): void {
  if (to === location.pathname && !location.hash) return;
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  path.value = to;
  scrollTo(0, 0);
}
