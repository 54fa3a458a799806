import { describe, expect, it, vi } from "vitest";
import { createSend } from "../src/core/api/send";
import { deviceOf } from "../src/core/device";
import { strengthOf } from "../src/core/password";
import { readProblem } from "../src/core/problem";
import { createServerTime } from "../src/core/serverTime";
import { tintOf } from "../src/core/theme";
import { subjectOf } from "../src/core/token";

describe("a refusal", () => {
  it("is read from problem+json", async () => {
    const body = { code: "username_taken", detail: "Taken.", hint: "Choose.", errors: { username: ["is taken"] } };
    const response = Response.json(body, { status: 409, headers: { "Retry-After": "7" } });
    const problem = await readProblem(response);
    expect(problem).toMatchObject({ status: 409, ...{ code: "username_taken", fields: body.errors, retryAfter: 7 } });
  });

  it("of a proxy, a page of HTML, still has a code", async () => {
    const problem = await readProblem(new Response("<h1>Bad gateway</h1>", { status: 502, headers: { "Content-Type": "text/html" } }));
    expect(problem.code).toBe("http_502");
    expect(problem.isTransient).toBe(true);
  });

  it("is 'offline' when there is no answer at all", async () => {
    const send = createSend(() => Promise.reject(new TypeError("Failed to fetch")));
    await expect(send({ path: "/server" })).rejects.toMatchObject({ status: 0, code: "offline" });
  });
});

describe("a request", () => {
  it("is given up when the server takes it and never answers, and then says so", async () => {
    vi.useFakeTimers();
    const send = createSend((_, init) => new Promise((_, reject) => init!.signal!.addEventListener("abort", () => reject(new DOMException("", "AbortError")))));
    const asked = expect(send({ path: "/users/me" })).rejects.toMatchObject({ status: 0, code: "unavailable" });
    await vi.advanceTimersByTimeAsync(45_000);
    await asked;
    vi.useRealTimers();
  });

  it("that a portal in between answers with its own page is as good as not answered", async () => {
    const send = createSend(async () => new Response("<h1>Welcome to the hotel</h1>"));
    await expect(send({ path: "/users/me" })).rejects.toMatchObject({ code: "offline" });
  });

  it("speaks JSON below /api/v1 with the token in a header", async () => {
    let seen: unknown[] = [];
    const send = createSend(async (...args) => {
      seen = args;
      return new Response(null, { status: 204 });
    });
    await send({ method: "POST", path: "/auth/logout", body: { a: 1 }, token: "T" });
    expect(seen[0]).toBe("/api/v1/auth/logout");
    expect(seen[1]).toMatchObject({ method: "POST", body: '{"a":1}', headers: { Authorization: "Bearer T" } });
  });
});

describe("the time", () => {
  const server = Date.UTC(2026, 10, 21, 12);
  const date = new Date(server).toUTCString();

  it.each([-86_400_000, 86_400_000])("is the server's where this device is off by %i ms", (off) => {
    const time = createServerTime(() => server + off);
    time.heard(date);
    expect(time.now()).toBe(server);
  });

  it("is this device's where the two agree but for the way between them", () => {
    const time = createServerTime(() => server + 20_000);
    time.heard(date);
    time.heard(null);
    time.heard("at noon");
    expect(time.now()).toBe(server + 20_000);
  });

  it("is right again when the device's clock has been put right", () => {
    let local = server - 86_400_000;
    const time = createServerTime(() => local);
    time.heard(date);
    local = server;
    time.heard(date);
    expect(time.now()).toBe(server);
  });
});

describe("the strength of a password", () => {
  it.each([
    ["short", "weak"],
    ["aaaaaaaaaaaaaaaa", "weak"],
    ["12345678", "weak"],
    ["tulip-42", "fair"],
    ["Correct horse 7", "good"],
    ["correct horse battery staple", "strong"],
  ])("%s is %s", (password, strength) => expect(strengthOf(password)).toBe(strength));

  it("falls when it holds one's own name", () => {
    expect(strengthOf("annalena-77", ["annalena"])).toBe("weak");
  });
});

describe("small rules", () => {
  it("a palette needs the hue of its seed", () => {
    expect(tintOf("#ff0000")?.hue).toBeCloseTo(29.2, 0);
    expect(tintOf("#808080")?.chroma).toBe(0);
    expect(tintOf("red")).toBeNull();
  });

  it("the subject of a token is read, and rubbish is not", () => {
    expect(subjectOf(`a.${Buffer.from('{"sub":"Ünal"}').toString("base64url")}.c`)).toBe("Ünal");
    expect(subjectOf("rubbish")).toBeNull();
    expect(subjectOf("a.!!.c")).toBeNull();
  });

  it("a device is named by browser and system", () => {
    expect(deviceOf("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36")).toMatchObject({ browser: "Chrome", system: "Android", handheld: true });
    expect(deviceOf("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605.1.15 Version/17.0 Safari/605.1.15")).toMatchObject({ browser: "Safari", system: "macOS" });
    expect(deviceOf("weird/1")).toBeNull();
  });
});
