import { signal, type Signal } from "@preact/signals";

/**
 * What a module holds of whoever is signed in. It outlives the screens, so nothing of it would go with them: it is made here, and is
 * empty again before the next person comes. A test looks for what is not.
 */
const forgets: (() => void)[] = [];

export function personal<T>(empty: T): Signal<T> {
  const held = signal(empty);
  onLeaving(() => (held.value = empty));
  return held;
}

/** The same for what is no signal, or has more to do than to be empty. */
export function onLeaving(forget: () => void): void {
  forgets.push(forget);
}

export function forgetPerson(): void {
  for (const forget of forgets) forget();
}
