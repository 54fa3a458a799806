import { computed, signal } from "@preact/signals";
import { createServerTime } from "./core/serverTime";

export const serverTime = createServerTime();

const beat = signal(0);
setInterval(() => beat.value++, 30_000);
// Timers of a page that nobody sees stand still.
document.addEventListener("visibilitychange", () => beat.value++);

/** To the half minute: what says "5 minutes ago" is drawn anew as time passes. */
export const currentTime = computed(() => {
  void beat.value;
  return serverTime.now();
});

export const startOfDay = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** Its first moment; what says "Today" is drawn anew at midnight. */
export const today = computed(() => startOfDay(new Date(currentTime.value)));
