/** First segments that are the server's own: never answered from here, so that plain downloads stay plain. */
const reserved = ["api", "ws", "health", "metrics", "docs", "redoc", "openapi.json", "s", "sw.js", "direct-save"];

/** `shell`: the app's page, for any of its addresses. `file`: a part of the app. Null: none of our business. */
export type Route = "shell" | "file" | null;

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly mode: string;
  readonly hasRange: boolean;
}

export function routeOf(asked: Asked, origin: string, files: ReadonlySet<string>): Route {
  const url = new URL(asked.url);
  if (asked.method !== "GET" || url.origin !== origin || asked.hasRange) return null;
  const first = url.pathname.split("/")[1] ?? "";
  if (reserved.includes(first)) return null;
  if (asked.mode === "navigate") {
    // An address with a file's ending that is none of ours is the server's to refuse.
    return files.has(url.pathname) ? "file" : /\.[a-z0-9]+$/i.test(url.pathname) ? null : "shell";
  }
  return files.has(url.pathname) || first === "assets" ? "file" : null;
}
