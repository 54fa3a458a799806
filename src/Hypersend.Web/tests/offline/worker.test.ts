import { describe, expect, it } from "vitest";
import { read } from "../../scripts/check-catalogues.mjs";
import { routeOf } from "../../src/core/offline/route";
import { dropShared, readShared } from "../../src/core/offline/shared";
import { createWorker, type NoticeLike, type WindowLike } from "../../src/core/offline/worker";
import type { Words } from "../../src/core/push/notice";

const origin = "https://chat.example";
const files = ["/", "/boot.js", "/assets/index-abc.js", "/assets/en-abc.js"];

/** A browser around the service worker: caches, a network, windows and notifications. */
function stage(version = "v1") {
  const stores = new Map<string, Map<string, Response>>();
  const fetched: string[] = [];
  const shown: (NoticeLike & { title: string; body: string; tag: string; icon: string; closed: boolean })[] = [];
  const windows: (WindowLike & { words: object[] })[] = [];
  const state = { online: true, badge: -1, opened: [] as string[], skipped: false };
  const caches = {
    open: async (name: string) => {
      const store = stores.get(name) ?? new Map<string, Response>();
      stores.set(name, store);
      return { match: async (key: string) => store.get(key)?.clone(), put: async (key: string, response: Response) => void store.set(key, response) } as unknown as Cache;
    },
    keys: async () => [...stores.keys()],
    delete: async (name: string) => stores.delete(name),
  };
  const worker = createWorker(
    { version, name: "Hypersend", files, words: Object.fromEntries(["en", "de", "ar", "bho"].map((code) => [code, read(code) as Words])) },
    {
      origin,
      languages: ["sv", "de-AT"],
      caches,
      fetch: async (request) => {
        const url = typeof request === "string" ? request : new URL(request.url).pathname;
        fetched.push(url);
        if (!state.online) throw new TypeError("Failed to fetch");
        return new Response(`bytes of ${url}`, { status: url.includes("missing") ? 404 : 200 });
      },
      windows: async () => windows,
      open: async (path) => void state.opened.push(path),
      show: async (title, options) => {
        const { body, tag, icon, data } = options as { body: string; tag: string; icon: string; data: unknown };
        const notice = { title, body, tag, icon, data, closed: false, close: () => void (notice.closed = true) };
        shown.push(notice);
      },
      shown: async (tag) => shown.filter((notice) => !notice.closed && (!tag || notice.tag === tag)),
      setBadge: async (count) => void (state.badge = count),
      skipWaiting: async () => void (state.skipped = true),
      claim: async () => {},
    },
  );
  const ask = (path: string, mode = "cors", headers: Record<string, string> = {}, method = "GET") =>
    worker.answer({ url: origin + path, mode, method, headers: new Headers(headers) } as unknown as Request);
  return { worker, caches, stores, fetched, shown, windows, state, ask };
}

const windowOf = (visibilityState: string, focused = false) => {
  const words: object[] = [];
  return { visibilityState, focused, words, focus: async () => {}, postMessage: (word: object) => void words.push(word) };
};
const message = { v: 1, kind: "message", chat_id: "c1", chat_type: "group", message_id: "c1.57", seq: 57, title: "Plans", sender: "Ana", body: "See you", unread: 1, badge: 5 };

describe("without a network", () => {
  it("every address of the app is its page, and its parts are there", async () => {
    const { worker, state, ask } = stage();
    await worker.install();
    state.online = false;
    expect(await (await ask("/c/1234/m/7", "navigate"))!.text()).toBe("bytes of /");
    expect(await (await ask("/assets/index-abc.js"))!.text()).toBe("bytes of /assets/index-abc.js");
  });

  it("another language is there once it was chosen", async () => {
    const { worker, state, ask, stores } = stage();
    await worker.install();
    await ask("/assets/hi-xyz.js");
    await worker.hear({ do: "keep", paths: ["/assets/de-xyz.js", "/api/v1/users/me", "/assets/missing.js"] });
    state.online = false;
    expect(await (await ask("/assets/hi-xyz.js"))!.text()).toContain("hi-xyz");
    expect([...stores.get("hypersend-shell-v1")!.keys()]).toEqual(expect.arrayContaining(["/assets/de-xyz.js"]));
    expect([...stores.get("hypersend-shell-v1")!.keys()].filter((key) => key.includes("missing") || key.includes("api"))).toEqual([]);
  });

  it("a half-loaded app is not installed", async () => {
    const { worker, state } = stage();
    state.online = false;
    await expect(worker.install()).rejects.toThrow();
  });
});

describe("what is none of the worker's business", () => {
  const set = new Set(files);
  const route = (path: string, mode = "navigate", rest: object = {}) => routeOf({ method: "GET", url: origin + path, mode, hasRange: false, ...rest }, origin, set);
  it.each(["/api/v1/files/1/download", "/api/v1/chats/1/files.zip?ids=a", "/s/abc", "/docs", "/health", "/openapi.json", "/ws", "/metrics", "/redoc"])("%s goes to the server", (path) => {
    expect([route(path), route(path, "cors")]).toEqual([null, null]);
  });
  it("neither do other origins, other methods, ranges and files that are not ours", () => {
    expect(routeOf({ method: "GET", url: "https://other.example/", mode: "navigate", hasRange: false }, origin, set)).toBeNull();
    expect([route("/", "cors", { method: "POST" }), route("/boot.js", "cors", { hasRange: true }), route("/missing.png", "no-cors"), route("/missing.html")]).toEqual([null, null, null, null]);
  });
});

describe("an update", () => {
  it("waits until somebody takes it, and then the old app's files go", async () => {
    const { worker, stores, state } = stage("v2");
    stores.set("hypersend-shell-v1", new Map());
    stores.set("of somebody else", new Map());
    await worker.install();
    expect([state.skipped, stores.has("hypersend-shell-v1")]).toEqual([false, true]);
    await worker.hear({ do: "update" });
    await worker.activate();
    expect([state.skipped, [...stores.keys()].sort()]).toEqual([true, ["hypersend-shell-v2", "of somebody else"]]);
  });
});

describe("a push", () => {
  const push = (s: ReturnType<typeof stage>, notice: object) => s.worker.push(JSON.stringify(notice));

  it("tells who wrote what and where, and counts on the icon", async () => {
    const s = stage();
    await push(s, message);
    expect(s.shown[0]).toMatchObject({ title: "Plans", body: "Ana: See you", tag: "c1", data: { path: "/c/c1/m/57", chatId: "c1", seq: 57 } });
    expect(s.state.badge).toBe(5);
    await push(s, { ...message, chat_type: "direct", title: "Ana" });
    expect(s.shown[1]!.body).toBe("See you");
  });

  it("speaks the language of the person, else of the browser", async () => {
    const s = stage();
    const { body: _, ...without } = message;
    await push(s, { ...without, type: "voice" });
    await push(s, { ...without, type: "document", files: 3, language: "ar" });
    await push(s, { ...without, kind: "mention", language: "en" });
    expect(s.shown.map((notice) => notice.body)).toEqual(["Ana: Sprachnachricht", "Ana: 3 ملفات", "Ana mentioned you: 1 new message"]);
  });

  it("hides what the person wants hidden", async () => {
    const s = stage();
    await push(s, { v: 1, kind: "message", chat_id: "c1", seq: 57, hidden: true, unread: 3 });
    expect(s.shown[0]).toMatchObject({ title: "Hypersend", body: "3 neue Nachrichten" });
    expect(JSON.stringify(s.shown[0])).not.toContain("Ana");
  });

  it("of an unknown kind, or that cannot be read, says that something came", async () => {
    const s = stage();
    await push(s, { v: 9, kind: "parade", chat_id: "c2", title: "T" });
    await s.worker.push("<html>");
    expect(s.shown.map((notice) => notice.body)).toEqual(["1 neue Nachricht", "1 neue Nachricht"]);
  });

  it("shows nothing while the app is in sight, a test excepted", async () => {
    const s = stage();
    s.windows.push(windowOf("visible"));
    await push(s, message);
    expect(s.shown).toEqual([]);
    await push(s, { v: 1, kind: "test" });
    expect(s.shown[0]!.body).toContain("funktionieren");
  });

  it("closes the notification of what was read elsewhere, and not of what came after it", async () => {
    const s = stage();
    await push(s, message);
    await push(s, { v: 1, kind: "clear", chat_id: "c1", seq: 56, badge: 5 });
    expect(s.shown[0]!.closed).toBe(false);
    await push(s, { v: 1, kind: "clear", chat_id: "c1", seq: 57, badge: 0 });
    expect([s.shown[0]!.closed, s.state.badge]).toEqual([true, 0]);
  });

  it("does not take an icon from another server", async () => {
    const s = stage();
    for (const icon of ["https://tracker.example/x.png", "//tracker.example/x.png", "/api/v1/users/1/avatar?v=2"]) await push(s, { ...message, icon });
    expect(s.shown.map((notice) => notice.icon)).toEqual(["/icon-192.png", "/icon-192.png", "/api/v1/users/1/avatar?v=2"]);
  });
});

describe("a click on a notification", () => {
  it("goes to the chat in the tab that is open", async () => {
    const s = stage();
    s.windows.push(windowOf("hidden"), windowOf("visible", true));
    await s.worker.push(JSON.stringify({ ...message, kind: "test", chat_id: "c1" }));
    await s.worker.click(s.shown[0]!);
    expect([s.shown[0]!.closed, s.windows[1]!.words, s.windows[0]!.words, s.state.opened]).toEqual([true, [{ do: "open", path: "/c/c1/m/57" }], [], []]);
  });

  it("opens the app there when it is closed", async () => {
    const s = stage();
    await s.worker.push(JSON.stringify(message));
    await s.worker.click(s.shown[0]!);
    expect(s.state.opened).toEqual(["/c/c1/m/57"]);
  });
});

describe("what another app shares", () => {
  const hand = async (s: ReturnType<typeof stage>, fields: readonly (readonly [string, string | File])[]) => {
    const form = new FormData();
    for (const [name, value] of fields) form.append(name, value);
    return s.worker.answer(new Request(`${origin}/share`, { method: "POST", body: form }))!;
  };

  it("waits, with names and kinds, until it is taken", async () => {
    const s = stage();
    const file = new File(["bytes"], "Füße & Co.txt", { type: "text/plain" });
    const answer = await hand(s, [["title", "A page"], ["text", "Look: https://a.example/x"], ["url", "https://a.example/x"], ["files", file]]);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, `${origin}/share`]);
    const shared = (await readShared(s.caches))!;
    expect(shared.words).toBe("A page\nLook: https://a.example/x");
    expect([shared.files[0]!.name, shared.files[0]!.type, await shared.files[0]!.text()]).toEqual(["Füße & Co.txt", "text/plain", "bytes"]);
    await hand(s, [["text", "Only words"]]);
    expect(await readShared(s.caches)).toEqual({ words: "Only words", files: [] });
    await dropShared(s.caches);
    expect(await readShared(s.caches)).toBeNull();
  });

  it("outlives an update of the app", async () => {
    const s = stage("v2");
    await hand(s, [["text", "Words"]]);
    await s.worker.activate();
    expect((await readShared(s.caches))?.words).toBe("Words");
  });
});
