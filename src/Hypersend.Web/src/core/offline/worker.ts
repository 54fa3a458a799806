import { readNotice, shownOf, type NoticeFacts, type PushNotice, type Words } from "../push/notice";
import { savedFiles } from "./saving";
import { routeOf } from "./route";
import { keepShared, sharePath } from "./shared";
import type { FromServiceWorker, ToServiceWorker } from "./words";

/** The parts of the browser that the service worker uses, so that tests can be one. */
export interface WorkerPorts {
  readonly origin: string;
  readonly languages: readonly string[];
  readonly caches: Pick<CacheStorage, "open" | "keys" | "delete">;
  readonly fetch: (request: Request | string, init?: RequestInit) => Promise<Response>;
  readonly windows: () => Promise<readonly WindowLike[]>;
  readonly open: (path: string) => Promise<unknown>;
  readonly show: (title: string, options: object) => Promise<void>;
  readonly shown: (tag?: string) => Promise<readonly NoticeLike[]>;
  readonly setBadge: (count: number) => Promise<void>;
  readonly skipWaiting: () => Promise<void>;
  readonly claim: () => Promise<void>;
}

export interface WindowLike {
  readonly visibilityState: string;
  readonly focused: boolean;
  focus(): Promise<unknown>;
  postMessage(word: FromServiceWorker): void;
}

export interface NoticeLike {
  readonly data: unknown;
  close(): void;
}

/** Written by the build: what the app consists of, and the words of notifications in every language. */
export interface Shell {
  readonly version: string;
  readonly name: string;
  readonly files: readonly string[];
  readonly words: Readonly<Record<string, Words>>;
}

const prefix = "hypersend-shell-";

export function createWorker(shell: Shell, ports: WorkerPorts) {
  const cacheName = prefix + shell.version;
  const files = new Set(shell.files);
  const saved = savedFiles();

  async function install(): Promise<void> {
    const cache = await ports.caches.open(cacheName);
    // Names below assets/ hold their own hash; of the others the newest is wanted, whatever a cache in between says.
    await Promise.all(shell.files.map(async (file) => {
      const response = await ports.fetch(file, { cache: file.startsWith("/assets/") ? "default" : "no-cache" });
      if (!response.ok) throw new Error(`${file}: ${response.status}`);
      await cache.put(file, response);
    }));
  }

  async function activate(): Promise<void> {
    const names = await ports.caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(prefix) && name !== cacheName).map((name) => ports.caches.delete(name)));
    await ports.claim();
  }

  /** Null for what goes to the network as if nobody were here. */
  function answer(request: Request): Promise<Response> | Response | null {
    const stream = saved.take(new URL(request.url));
    if (stream) return stream;
    if (request.method === "POST" && request.url === ports.origin + sharePath) return share(request);
    const asked = { method: request.method, url: request.url, mode: request.mode, hasRange: request.headers.has("range") };
    const route = routeOf(asked, ports.origin, files);
    if (route === null) return null;
    return fromCache(request, route === "shell" ? "/" : new URL(request.url).pathname);
  }

  /** Another app shares something: it is kept, and the page asks to whom it goes. */
  async function share(request: Request): Promise<Response> {
    try {
      await keepShared(ports.caches, await request.formData());
    } catch {
      // No room on the disk: the page says that nothing is there.
    }
    return Response.redirect(ports.origin + sharePath, 303);
  }

  /** A start asks for a score of files at once. */
  let opened: Promise<Cache> | null = null;

  async function fromCache(request: Request, key: string): Promise<Response> {
    opened ??= ports.caches.open(cacheName);
    const cache = await opened.catch((error: unknown) => {
      opened = null;
      throw error;
    });
    const kept = await cache.match(key);
    if (kept) return kept;
    const response = await ports.fetch(request);
    // Other languages come when they are chosen, and stay then.
    if (response.ok && key.startsWith("/assets/")) await cache.put(key, response.clone());
    return response;
  }

  async function push(text: string): Promise<void> {
    const notice = readNotice(text);
    if (notice.badge !== undefined) await ports.setBadge(notice.badge);
    if (notice.kind === "clear") return clear(notice.chat_id ?? "", notice.seq ?? Infinity);
    // Whoever looks at the app sees it there.
    if (notice.kind !== "test" && (await ports.windows()).some((window) => window.visibilityState === "visible")) return;
    const language = languageFor(notice);
    const rules = new Intl.PluralRules(language === "bho" ? "hi" : language);
    const { title, ...options } = shownOf(notice, shell.words[language] ?? {}, (count) => rules.select(count), shell.name);
    await ports.show(title, options);
  }

  function languageFor(notice: PushNotice): string {
    const wanted = [notice.language, ...ports.languages].map((code) => code?.toLowerCase().split("-")[0] ?? "");
    return wanted.find((code) => code in shell.words) ?? "en";
  }

  async function clear(chatId: string, seq: number): Promise<void> {
    for (const notice of await ports.shown(chatId)) {
      const facts = notice.data as NoticeFacts | null;
      if ((facts?.seq ?? 0) <= seq) notice.close();
    }
  }

  async function click(notice: NoticeLike): Promise<void> {
    notice.close();
    const path = (notice.data as NoticeFacts | null)?.path ?? "/";
    const windows = await ports.windows();
    const window = windows.find((one) => one.focused) ?? windows.find((one) => one.visibilityState === "visible") ?? windows[0];
    if (!window) return void (await ports.open(path));
    // A tab is there: it goes to the chat by itself, with everything it has.
    await window.focus();
    window.postMessage({ do: "open", path });
  }

  async function keep(paths: readonly string[]): Promise<void> {
    const cache = await ports.caches.open(cacheName);
    for (const path of paths) {
      if (!path.startsWith("/assets/") || (await cache.match(path))) continue;
      const response = await ports.fetch(path);
      if (response.ok) await cache.put(path, response);
    }
  }

  async function hear(word: ToServiceWorker): Promise<void> {
    switch (word.do) {
      case "update":
        return ports.skipWaiting();
      case "clear":
        return clear(word.chatId, word.seq);
      case "badge":
        return ports.setBadge(word.count);
      case "keep":
        return keep(word.paths);
      case "save":
        return saved.expect(word);
      case "stay":
        // To hear it was enough.
        return;
    }
  }

  return { install, activate, answer, push, click, hear };
}
