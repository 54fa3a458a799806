import { signal } from "@preact/signals";

export const transfersOpen = signal(false);
