import { useRef } from "preact/hooks";
import { own } from "../../app";
import type { UserSettings } from "../../core/api/types";
import { useLoaded, type Loaded } from "../../ui/useLoaded";
import { useTask } from "../../ui/useTask";

/**
 * My settings on the server. A choice shows at once and is saved behind: what is chosen while a save is under way goes after it, and
 * what failed goes with the next one.
 */
export function useSettings(onSaved?: (settings: UserSettings) => void): {
  loaded: Loaded<UserSettings>;
  reload: () => void;
  error: unknown;
  /** Saves once more what was not. */
  again: () => void;
  save: (change: UserSettings) => void;
} {
  const [loaded, { set, reload }] = useLoaded(own.settings);
  const unsaved = useRef<UserSettings>({});
  const task = useTask(async () => {
    while (Object.keys(unsaved.current).length > 0) {
      const change = unsaved.current;
      unsaved.current = {};
      try {
        const saved = await own.saveSettings(change);
        onSaved?.(saved);
        set(joined(saved, unsaved.current));
      } catch (error) {
        unsaved.current = joined(change, unsaved.current);
        throw error;
      }
    }
  });
  return {
    loaded,
    reload,
    error: task.error,
    again: () => task.run(),
    save(change) {
      unsaved.current = joined(unsaved.current, change);
      if (loaded.state === "ready") set(joined(loaded.value, change));
      task.run();
    },
  };
}

/** Groups of settings are laid over each other, not replaced. */
const joined = (before: UserSettings, after: UserSettings): UserSettings => ({
  ...before,
  ...after,
  ...(before.privacy && after.privacy ? { privacy: { ...before.privacy, ...after.privacy } } : {}),
  ...(before.notifications && after.notifications ? { notifications: { ...before.notifications, ...after.notifications } } : {}),
  ...(before.appearance && after.appearance ? { appearance: { ...before.appearance, ...after.appearance } } : {}),
});
