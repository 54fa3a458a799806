import { useEffect } from "preact/hooks";
import { messenger } from "../../talk";

/** Follows whether these people are here for as long as they are on the screen. */
export function useWatched(owner: string, ids: readonly string[]): void {
  const key = ids.join(" ");
  useEffect(() => {
    messenger.value?.people.watch(owner, ids);
    return () => messenger.value?.people.watch(owner, []);
  }, [owner, key]);
}
