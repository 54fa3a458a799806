import { describe, expect, it } from "vitest";
import type { ApiRequest, Send } from "../src/core/api/send";
import type { SignedIn, User } from "../src/core/api/types";
import { Problem } from "../src/core/problem";
import { createSession, type Session } from "../src/core/session";
import type { TabWord } from "../src/core/tabs";

const user: User = {
  id: "ana", username: "ana", name: "Ana", bio: "", avatar_url: null, role: "user", presence: "online",
  last_seen: null, created_at: "2026-11-21T00:00:00.000Z",
};
const tokenOf = (sub: string, n: number): string => `x.${btoa(JSON.stringify({ sub, n }))}.x`;

/** A server with one cookie, a clock and timers that are fired by hand. */
function stage(answers: { refresh?: () => Promise<unknown>; other?: (request: ApiRequest) => Promise<unknown>; known?: User } = {}) {
  let now = 1_000_000;
  let issued = 0;
  let marked = true;
  let known: User | null = answers.known ?? null;
  const calls: ApiRequest[] = [];
  const said: TabWord[] = [];
  let hear: (word: TabWord) => void = () => {};
  const timers: { at: number; run: () => void; off?: boolean }[] = [];
  const pair = (sub = "ana"): SignedIn => ({
    access_token: tokenOf(sub, ++issued), expires_in: 900, user: { ...user, id: sub },
    id: sub, username: user.username, name: user.name, email: null,
  });
  const send = (async (request: ApiRequest) => {
    calls.push(request);
    if (request.path === "/auth/refresh") return answers.refresh ? answers.refresh() : pair();
    return answers.other ? answers.other(request) : { ok: true };
  }) as Send;
  const session = createSession({
    send,
    tabs: { say: (word) => said.push(word), listen: (listener) => (hear = listener) },
    mark: { get: () => marked, set: (on) => (marked = on) },
    known: { get: () => known, set: (person) => (known = person) },
    now: () => now,
    random: () => 0.5,
    after: (ms, run) => {
      const timer: (typeof timers)[number] = { at: now + ms, run };
      timers.push(timer);
      return () => (timer.off = true);
    },
  });
  return {
    session, calls, said, pair,
    refreshes: () => calls.filter((call) => call.path === "/auth/refresh").length,
    marked: () => marked,
    known: () => known,
    hear: (word: TabWord) => hear(word),
    pass: async (ms: number) => {
      now += ms;
      for (const timer of timers.filter((t) => !t.off && t.at <= now)) {
        timer.off = true;
        timer.run();
      }
      await settle();
    },
  };
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

async function signedIn(answers?: Parameters<typeof stage>[0]) {
  const s = stage(answers);
  s.session.enter(s.pair());
  return s;
}

describe("being logged out", () => {
  it("is told apart from going", async () => {
    const s = await signedIn({ refresh: () => Promise.reject(new Problem(401, "invalid_refresh_token")) });
    expect(s.session.expelled.value).toBe(false);
    await s.pass(900_000);
    expect([s.session.state.value, s.session.expelled.value]).toEqual(["out", true]);
    s.session.enter(s.pair());
    await s.session.leave();
    expect([s.session.state.value, s.session.expelled.value]).toEqual(["out", false]);
  });

  it("is nothing that a lost connection does, nor another tab that went", async () => {
    const s = await signedIn({ refresh: () => Promise.reject(new Problem(0, "offline")) });
    await s.pass(900_000);
    expect([s.session.state.value, s.session.expelled.value]).toEqual(["in", false]);
    s.hear({ kind: "out" });
    expect([s.session.state.value, s.session.expelled.value]).toEqual(["out", false]);
  });
});

describe("starting", () => {
  it("asks nothing where nobody was logged in", async () => {
    const s = stage();
    await s.session.leave();
    s.calls.length = 0;
    await s.session.start();
    expect(s.session.state.value).toBe("out");
    expect(s.refreshes()).toBe(0);
  });

  it("brings the session back from the cookie", async () => {
    const s = stage();
    await s.session.start();
    expect(s.session.state.value).toBe("in");
    expect(s.session.user.value?.username).toBe("ana");
    expect(s.calls[0]).toMatchObject({ method: "POST", body: { session: "cookie" } });
  });

  it("keeps the door open when the server cannot be reached", async () => {
    const s = stage({ refresh: () => Promise.reject(new Problem(0, "offline")) });
    await s.session.start();
    expect(s.session.state.value).toBe("unreachable");
    expect(s.marked()).toBe(true);
  });

  it("is out when the cookie is no good any more", async () => {
    const s = stage({ refresh: () => Promise.reject(new Problem(401, "invalid_refresh_token")) });
    await s.session.start();
    expect(s.session.state.value).toBe("out");
    expect(s.marked()).toBe(false);
  });
});

describe("starting where somebody is known", () => {
  it("is in at once, and asks meanwhile", async () => {
    const s = stage({ known: user });
    const starting = s.session.start();
    expect([s.session.state.value, s.session.user.value?.id]).toEqual(["in", "ana"]);
    await starting;
    await s.session.call({ path: "/users/me" });
    expect(s.calls.at(-1)?.token).toBe(tokenOf("ana", 1));
  });

  it("stays in without a network, and comes back with it", async () => {
    let away = true;
    const s: ReturnType<typeof stage> = stage({ known: user, refresh: async () => (away ? Promise.reject(new Problem(0, "offline")) : s.pair()) });
    await s.session.start();
    expect(s.session.state.value).toBe("in");
    await expect(s.session.call({ path: "/users/me" })).rejects.toMatchObject({ code: "offline" });
    away = false;
    await s.pass(120_000);
    expect(await s.session.call({ path: "/users/me" })).toEqual({ ok: true });
  });

  it("is out when the session has ended meanwhile, and knows nobody then", async () => {
    const s = stage({ known: user, refresh: () => Promise.reject(new Problem(401, "invalid_refresh_token")) });
    await s.session.start();
    expect([s.session.state.value, s.session.user.value, s.known(), s.marked()]).toEqual(["out", null, null, false]);
  });

  it("stops when the cookie has become another account's", async () => {
    const s: ReturnType<typeof stage> = stage({ known: user, refresh: async () => s.pair("bob") });
    await s.session.start();
    expect(s.session.state.value).toBe("moved");
  });
});

describe("a call", () => {
  it("carries the token", async () => {
    const s = await signedIn();
    await s.session.call({ path: "/users/me" });
    expect(s.calls.at(-1)?.token).toBe(tokenOf("ana", 1));
  });

  it("is repeated once with a new token after a 401", async () => {
    let refused = 0;
    const s = await signedIn({
      other: (request) =>
        request.token === tokenOf("ana", 1) && ++refused ? Promise.reject(new Problem(401, "invalid_token")) : Promise.resolve("yes"),
    });
    expect(await s.session.call({ path: "/users/me" })).toBe("yes");
    expect(refused).toBe(1);
    expect(s.refreshes()).toBe(1);
  });

  it("gives up after the second 401", async () => {
    const s = await signedIn({ other: () => Promise.reject(new Problem(401, "invalid_token")) });
    await expect(s.session.call({ path: "/users/me" })).rejects.toMatchObject({ status: 401 });
    expect(s.refreshes()).toBe(1);
  });

  it("does not take a wrong password for a bad token", async () => {
    const s = await signedIn({ other: () => Promise.reject(new Problem(401, "invalid_credentials")) });
    await expect(s.session.call({ path: "/auth/change-password" })).rejects.toMatchObject({ code: "invalid_credentials" });
    expect(s.refreshes()).toBe(0);
  });

  it("shares one refresh with all others", async () => {
    const s = await signedIn();
    await s.pass(899_000);
    const before = s.refreshes();
    await Promise.all(Array.from({ length: 20 }, () => s.session.call({ path: "/users/me" })));
    expect(s.refreshes() - before).toBeLessThanOrEqual(1);
  });

  it("shares one refresh when twenty are refused at once", async () => {
    const s = await signedIn({
      other: (request) => (request.token === tokenOf("ana", 1) ? Promise.reject(new Problem(401, "invalid_token")) : Promise.resolve(1)),
    });
    await Promise.all(Array.from({ length: 20 }, () => s.session.call({ path: "/users/me" })));
    expect(s.refreshes()).toBe(1);
  });
});

describe("time", () => {
  it("refreshes a minute before the token runs out", async () => {
    const s = await signedIn();
    await s.pass(839_000);
    expect(s.refreshes()).toBe(0);
    await s.pass(2_000);
    expect(s.refreshes()).toBe(1);
  });

  it("tries again after a failure that may pass", async () => {
    let down = true;
    const s = stage({ refresh: () => (down ? Promise.reject(new Problem(503, "unavailable")) : Promise.resolve(s.pair())) });
    s.session.enter(s.pair());
    await s.pass(840_000);
    expect(s.session.state.value).toBe("in");
    down = false;
    await s.pass(10_000);
    expect(s.refreshes()).toBe(2);
    await s.session.call({ path: "/users/me" });
    expect(s.calls.at(-1)?.token).toBe(tokenOf("ana", 2));
  });
});

describe("several tabs", () => {
  it("tell each other about logging in and out", async () => {
    const s = await signedIn();
    await s.session.leave();
    expect(s.said).toEqual([{ kind: "in", user: "ana" }, { kind: "out" }]);
  });

  it("log out together", async () => {
    const s = await signedIn();
    s.hear({ kind: "out" });
    expect(s.session.state.value).toBe("out");
  });

  it("stop when another account logs in beside them", async () => {
    const s = await signedIn();
    s.hear({ kind: "in", user: "bob" });
    expect(s.session.state.value).toBe("moved");
    expect(s.session.user.value).toBeNull();
  });

  it("stop when a refresh brings another account", async () => {
    const s: ReturnType<typeof stage> = stage({ refresh: async () => s.pair("bob") });
    s.session.enter(s.pair("ana"));
    await s.pass(840_000);
    expect(s.session.state.value).toBe("moved");
    // The next start is the other account's, and not stopped by whom it remembers.
    expect(s.known()).toBeNull();
  });

  it("come in when somebody logs in beside them, even before the mark in storage has arrived", async () => {
    const s = stage();
    s.session.ended();
    s.hear({ kind: "in", user: "ana" });
    await settle();
    expect(s.session.state.value).toBe("in");
  });
});

describe("leaving", () => {
  it("says so when the server cannot be reached, and stays", async () => {
    const s = await signedIn({ other: () => Promise.reject(new Problem(0, "offline")) });
    await expect(s.session.leave()).rejects.toMatchObject({ code: "offline" });
    expect(s.session.state.value).toBe("in");
  });

  it("is not undone by a refresh that was under way", async () => {
    let answer: (value: unknown) => void = () => {};
    const s = stage({ refresh: () => new Promise((resolve) => (answer = resolve)) });
    s.session.enter(s.pair());
    await s.pass(840_000);
    await s.session.leave();
    answer(s.pair());
    await settle();
    expect(s.session.state.value).toBe("out");
    expect(s.marked()).toBe(false);
  });

  it("lets nothing be asked with a session that is ending, nor afterwards without one", async () => {
    let letGo: (value: unknown) => void = () => {};
    const s = await signedIn({ other: (request) => (request.path === "/auth/logout" ? new Promise((resolve) => (letGo = resolve)) : Promise.resolve(1)) });
    const leaving = s.session.leave();
    await settle();
    // The server closes the socket before it answers; the connection wants a ticket at once.
    const ticket = s.session.call({ method: "POST", path: "/auth/ws-ticket" });
    const refused = expect(ticket).rejects.toMatchObject({ status: 401 });
    await settle();
    letGo(undefined);
    await leaving;
    await refused;
    expect(s.calls.map((call) => call.path)).toEqual(["/auth/logout"]);
  });

  it("asks nothing twice of a session that has ended meanwhile, whoever came after it", async () => {
    let refuse: (problem: Problem) => void = () => {};
    const s = await signedIn({ other: () => new Promise((_, reject) => (refuse = reject)) });
    const asked = s.session.call({ path: "/chats" });
    const refused = expect(asked).rejects.toMatchObject({ status: 401 });
    await settle();
    s.hear({ kind: "out" });
    expect(s.calls[0]?.signal?.aborted).toBe(true);
    s.session.enter(s.pair("bob"));
    refuse(new Problem(401, "invalid_token"));
    await refused;
    expect(s.calls).toHaveLength(1);
  });

  it("goes on with what was asked meanwhile when the door stays shut", async () => {
    const s = await signedIn({ other: (request) => (request.path === "/auth/logout" ? Promise.reject(new Problem(0, "offline")) : Promise.resolve(1)) });
    const leaving = expect(s.session.leave()).rejects.toMatchObject({ code: "offline" });
    const asked = s.session.call({ path: "/chats" });
    await leaving;
    expect(await asked).toBe(1);
  });

  it("waits for what has to be done even so", async () => {
    let done: (value: unknown) => void = () => {};
    const s = await signedIn({ other: (request) => (request.method === "DELETE" ? new Promise((resolve) => (done = resolve)) : Promise.resolve(1)) });
    void s.session.call({ method: "DELETE", path: "/messages/1", keepalive: true });
    const leaving = s.session.leave();
    await settle();
    expect(s.calls.map((call) => call.path)).toEqual(["/messages/1"]);
    done(undefined);
    await leaving;
    expect(s.calls.map((call) => call.path)).toEqual(["/messages/1", "/auth/logout"]);
  });

  it("leaves no token to be found in the session", async () => {
    const s = await signedIn();
    const seen = JSON.stringify(s.session as Session, (_, value: unknown) => (typeof value === "function" ? undefined : value));
    expect(seen).not.toContain(tokenOf("ana", 1));
  });
});
