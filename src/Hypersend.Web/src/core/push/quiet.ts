import type { NotificationSettings } from "../api/types";

/** Whether somebody wants to hear nothing now, by the clock on their wall; the server's rule for pushes is the same. */
export function isQuiet(settings: NotificationSettings, now: Date): boolean {
  const { quiet_from: from, quiet_to: to } = settings;
  if (!from || !to || from === to) return false;
  const time = wallClock(now, settings.zone || "UTC");
  return from < to ? from <= time && time < to : from <= time || time < to;
}

const wallClock = (now: Date, timeZone: string): string => {
  const told = (zone: string): string =>
    new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(now);
  try {
    return told(timeZone);
  } catch {
    // A zone that this browser does not know: the server falls back likewise.
    return told("UTC");
  }
};
