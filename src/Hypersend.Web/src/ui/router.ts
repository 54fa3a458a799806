import { signal } from "@preact/signals";
import { afterReturn, entry, takeOverlayEntry } from "./overlay";

/** The path of the address bar as a signal; real history, so Back does what people expect. */
export const path = signal(location.pathname);

addEventListener("popstate", () => {
  path.value = location.pathname;
});

export function go(to: string, replace = false): void {
  afterReturn(() => step(to, replace));
}

function step(to: string, replace: boolean): void {
  // A page opened from a menu or a dialog takes the place of its entry.
  const instead = takeOverlayEntry() || replace;
  if (to === location.pathname && !location.hash && !instead) return;
  if (instead) history.replaceState({ inside: entry().inside ?? false }, "", to);
  else history.pushState({ inside: true }, "", to);
  path.value = new URL(to, location.href).pathname;
  scrollTo(0, 0);
}

/** The arrow of a screen: the real Back where there is one in the app, else the screen above. */
export function back(above: string): void {
  if (entry().inside) history.back();
  else go(above, true);
}
