import type { StreamPort } from "../direct/sinks";

/** What a page tells the service worker, and what it hears from there. */
export type ToServiceWorker =
  /** The person took the update: the new app takes over, and the page reloads when it has. */
  | { readonly do: "update" }
  /** Read here: the chat's notification goes. */
  | { readonly do: "clear"; readonly chatId: string; readonly seq: number }
  | { readonly do: "badge"; readonly count: number }
  /** What this page loaded before it had a service worker, its language above all. */
  | { readonly do: "keep"; readonly paths: readonly string[] }
  /** A direct transfer is about to be saved: the page goes to its address once it was told, and its bytes come through the port. */
  | { readonly do: "save"; readonly path: string; readonly name: string; readonly size: number; readonly mime: string; readonly port: StreamPort; readonly told: Pick<StreamPort, "postMessage"> }
  /** A long download needs its service worker awake. */
  | { readonly do: "stay" };

/** A notification was clicked: show this address without loading anything anew. */
export interface FromServiceWorker {
  readonly do: "open";
  readonly path: string;
}
