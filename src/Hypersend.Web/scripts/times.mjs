// How long the app takes, in the system's Chromium against a server that is running: node scripts/times.mjs <address> [--quick].
// The scenario `web` of bench/Hypersend.Load starts the server, runs this and writes the figures down; each line is one of them.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { serveEmptyPage } from "./empty-page.mjs";
import { median, most, ms, say } from "./figures.mjs";

const base = process.argv[2];
const quick = process.argv.includes("--quick");
if (!base?.startsWith("http")) throw new Error("Say the address of a running server with nobody on it.");
const password = "two people and a boat";
const rounds = quick ? 2 : 7;
const folder = mkdtempSync(join(tmpdir(), "hypersend-times-"));

/** Lighthouse's slow phone, without its slow start of connections: the round trip is a near one. */
const slowLine = { offline: false, latency: 40, downloadThroughput: 200_000, uploadThroughput: 200_000 };
const slowDown = 4;

const mbs = (bytes, took) => bytes / 1e6 / (took / 1000);

async function call(token, method, path, body, raw) {
  const response = await fetch(`${base}/api/v1${path}`, {
    method,
    headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(body ? { "Content-Type": raw ? "application/octet-stream" : "application/json" } : {}) },
    ...(body ? { body: raw ? body : JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.status === 204 ? null : response.json();
}

/** Forty chats of forty messages each. */
async function settle() {
  const signed = await call(null, "POST", "/auth/register", { username: "timer", email: "timer@example.org", password, name: "Timer" });
  const token = signed.access_token;
  const chats = [];
  for (let n = 0; n < 40; n++) {
    const { id } = await call(token, "POST", "/chats", { type: "group", name: `Chat ${n}` });
    chats.push(id);
    for (let said = 0; said < 40; said++) await call(token, "POST", "/messages", { chat_id: id, content: `Message ${said} of chat ${n}, about as long as messages are.` });
  }
  return { token, chats };
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

async function enter() {
  const context = await browser.newContext({ baseURL: base, viewport: { width: 400, height: 850 }, hasTouch: false });
  const answer = await context.request.post("/api/v1/auth/login", { data: { login: "timer", password, session: "cookie" } });
  if (!answer.ok()) throw new Error(`Signing in: ${answer.status()}`);
  await context.addInitScript(() => localStorage.setItem("hs.in", "1"));
  return context;
}

async function slow(page, line) {
  const debug = await page.context().newCDPSession(page);
  await debug.send("Network.enable");
  if (line) await debug.send("Network.emulateNetworkConditions", slowLine);
  await debug.send("Emulation.setCPUThrottlingRate", { rate: slowDown });
  return debug;
}

/** In each page of the context, from its first moment on: a question from outside would come late, and cost what it measures. */
const watchFor = (context, selector) => context.addInitScript((wanted) => {
  // Not by asking in every frame: frames that nobody needs cost a slow processor more than the page does.
  const watch = new MutationObserver(() => {
    if (!document.querySelector(wanted)) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => (globalThis.shown = performance.now())));
  });
  watch.observe(document, { childList: true, subtree: true });
}, selector);

/** From the beginning of the navigation to the frame that shows what was waited for. */
const shown = async (page) => (await page.waitForFunction(() => globalThis.shown, undefined, { polling: 100 })).jsonValue();

/** A start is warm when the one before it has kept what it saw, which it does a second later. */
const isKept = (page) => page.evaluate(async () => {
  const answer = (request) => new Promise((resolve, reject) => ([request.onsuccess, request.onerror] = [() => resolve(request.result), () => reject(request.error)]));
  for (;;) {
    const name = (await indexedDB.databases()).find((one) => one.name.startsWith("hypersend."))?.name;
    const database = name && (await answer(indexedDB.open(name)));
    const state = database && (await answer(database.transaction("facts").objectStore("facts").get("state")));
    database?.close();
    if (state) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

async function coldAndWarm(empty) {
  const times = { cold: [], warm: [], emptyCold: [], emptyWarm: [] };
  for (let round = 0; round < rounds; round++) {
    const context = await enter();
    await watchFor(context, ".chat-row");
    const page = await context.newPage();
    await slow(page, true);
    await page.goto("/", { waitUntil: "commit" });
    times.cold.push(await shown(page));
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (!navigator.serviceWorker.controller) await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
    });
    await page.waitForLoadState("networkidle");
    await isKept(page);
    await page.reload({ waitUntil: "commit" });
    times.warm.push(await shown(page));
    await context.close();

    const bare = await browser.newContext();
    await watchFor(bare, "main");
    const other = await bare.newPage();
    await slow(other, true);
    await other.goto(empty, { waitUntil: "commit" });
    times.emptyCold.push(await shown(other));
    await other.reload({ waitUntil: "commit" });
    times.emptyWarm.push(await shown(other));
    await bare.close();
  }
  const how = `${slowDown}x slower processor, 1.6 Mbit/s, ${slowLine.latency} ms round trip; beside: a page of Preact with one word`;
  const row = (what, own, other, must) => say({
    what, figure: ms(median(own)), peer: ms(median(other)), ratio: `${(median(own) / median(other)).toFixed(1)}x`, must, remark: `worst ${ms(most(own))}; ${how}`,
  });
  row("cold start to a list of chats", times.cold, times.emptyCold, "<= 2,500 ms");
  row("warm start to a list of chats", times.warm, times.emptyWarm, "<= 700 ms");
}

/** All in the page's own clock, from the event to the frame after the change. */
async function hands(chats) {
  const context = await enter();
  const page = await context.newPage();
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`/c/${chats[0]}`);
  await page.locator(".entry[data-seq]").first().waitFor();
  const seen = async (selector) => page.evaluate((path) => new Promise((resolve) => {
    const link = document.querySelector(`a[href="${path}"]`);
    const begun = performance.now();
    link.click();
    const look = () => {
      const here = link.getAttribute("aria-current") && document.querySelectorAll(".entry[data-seq]").length > 20;
      if (here) setTimeout(() => resolve(performance.now() - begun));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }), selector);
  const some = chats.slice(-6).map((id) => `/c/${id}`);
  for (const path of some) await seen(path);
  const switched = [];
  const slowly = [];
  for (let round = 0; round < rounds; round++) for (const path of some) switched.push(await seen(path));
  const debug = await slow(page, false);
  for (let round = 0; round < rounds; round++) for (const path of some) slowly.push(await seen(path));
  await debug.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  say({ what: "from one chat to another that is at hand", figure: ms(median(switched)), must: "<= 100 ms", remark: `worst ${ms(most(switched))}; on a ${slowDown}x slower processor ${ms(median(slowly))}` });

  await page.evaluate(() => {
    globalThis.keys = [];
    const after = (begun) => requestAnimationFrame(() => setTimeout(() => keys.push(performance.now() - begun)));
    let pressed = 0;
    addEventListener("keydown", (event) => (pressed = event.timeStamp), true);
    addEventListener("input", () => after(pressed), true);
  });
  await page.locator("textarea").click();
  for (const letter of quick ? "a few letters" : "a sentence of about forty letters, typed") {
    const count = await page.evaluate(() => keys.length);
    await page.keyboard.press(letter === " " ? "Space" : letter === "," ? "," : letter);
    await page.waitForFunction((before) => keys.length > before, count);
  }
  const keys = await page.evaluate(() => keys);
  say({ what: "from a key to its letter", figure: ms(median(keys)), must: "<= 50 ms", remark: `worst ${ms(most(keys))} of ${keys.length}` });

  const bubbles = [];
  for (let round = 0; round < rounds * 3; round++) {
    await page.locator("textarea").fill(`Message ${round}`);
    const shown = page.evaluate(() => new Promise((resolve) => {
      let pressed = 0;
      addEventListener("keydown", (event) => (pressed = event.timeStamp), { capture: true, once: true });
      const list = document.querySelector(".messages");
      const before = list.lastElementChild;
      const watch = new MutationObserver(() => {
        if (list.lastElementChild === before) return;
        watch.disconnect();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - pressed)));
      });
      watch.observe(list, { childList: true });
    }));
    await page.locator("textarea").press("Enter");
    bubbles.push(await shown);
  }
  say({ what: "from Enter to the bubble", figure: ms(median(bubbles)), must: "<= 50 ms", remark: `worst ${ms(most(bubbles))} of ${bubbles.length}` });
  await context.close();
}

/** Sends a file by the page as a person would, and says how long its chunks took. */
async function sendByPage(page, path, each) {
  await page.evaluate(() => {
    globalThis.long = [];
    new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
  });
  let first = 0;
  const begins = (request) => {
    if (first === 0 && request.url().includes("/chunk?")) first = performance.now();
  };
  page.on("request", begins);
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.locator(".composer button").first().click()]);
  await chooser.setFiles(path);
  const before = await page.locator(".file-card .verified").count();
  await page.locator("dialog[open]").getByRole("button", { name: "Send", exact: true }).click();
  const verified = page.waitForFunction((count) => document.querySelectorAll(".file-card .verified").length > count, before, { timeout: 1_800_000, polling: 100 });
  const timer = each && setInterval(each, 500);
  await verified;
  clearInterval(timer);
  page.off("request", begins);
  return { took: performance.now() - first, longest: most([0, ...(await page.evaluate(() => long))]) };
}

/** The same bytes by a page that does nothing but send them: no digests, no words, no marks. It is what the browser can do. */
async function sendByBarePage(token, chat, path, size) {
  const up = await call(token, "POST", "/files/init", { filename: "bare.bin", size, chat_id: chat });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${base}/health`);
  await page.evaluate(() => {
    const input = document.createElement("input");
    input.type = "file";
    document.body.append(input);
  });
  await page.locator("input").setInputFiles(path);
  const took = await page.evaluate(async ({ id, chunk, total, bearer }) => {
    const file = document.querySelector("input").files[0];
    let next = 0;
    const put = (n) => new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.onloadend = () => (request.status === 200 ? resolve() : reject(new Error(`${request.status}`)));
      request.open("PUT", `/api/v1/files/${id}/chunk?chunk_index=${n}`);
      request.setRequestHeader("Authorization", `Bearer ${bearer}`);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.send(file.slice(n * chunk, (n + 1) * chunk));
    });
    const lane = async () => {
      for (let n; (n = next++) < total;) await put(n);
    };
    const begun = performance.now();
    await Promise.all([lane(), lane(), lane(), lane()]);
    return performance.now() - begun;
  }, { id: up.upload_id, chunk: up.chunk_size, total: up.total_chunks, bearer: token });
  await context.close();
  await call(token, "POST", `/files/${up.upload_id}/complete`, {});
  return took;
}

/** The same bytes by curl, with as many connections at once. */
async function sendByCurl(token, chat, size) {
  const up = await call(token, "POST", "/files/init", { filename: "curl.bin", size, chat_id: chat });
  const chunk = up.chunk_size;
  const part = join(folder, "part.bin");
  writeFileSync(part, Buffer.alloc(chunk, 7));
  const config = Array.from({ length: up.total_chunks }, (_, n) => [
    `url = "${base}/api/v1/files/${up.upload_id}/chunk?chunk_index=${n}"`, `upload-file = "${part}"`, `header = "Authorization: Bearer ${token}"`,
    'header = "Content-Type: application/octet-stream"', 'output = "/dev/null"', "fail", "no-progress-meter",
  ].join("\n")).join("\nnext\n");
  writeFileSync(join(folder, "curl.txt"), config);
  const begun = performance.now();
  await new Promise((resolve, reject) => {
    spawn("curl", ["--silent", "--show-error", "--parallel", "--parallel-max", "4", "--config", join(folder, "curl.txt")], { stdio: ["ignore", "ignore", "inherit"] })
      .on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`curl ended with ${code}`))));
  });
  await call(token, "POST", `/files/${up.upload_id}/complete`, {});
  return performance.now() - begun;
}

async function files(token, chats) {
  const context = await enter();
  const page = await context.newPage();
  await page.addInitScript("delete globalThis.showOpenFilePicker");
  await page.goto(`/c/${chats[1]}`);
  await page.locator("textarea").waitFor();
  const size = (quick ? 64 : 1024) << 20;
  const path = join(folder, "file.bin");
  writeFileSync(path, Buffer.alloc(size, 7));
  const own = [];
  const bare = [];
  const curl = [];
  const longest = [];
  // The first of each is for the machine's memory.
  for (let round = 0; round < (quick ? 2 : 4); round++) {
    const { took, longest: task } = await sendByPage(page, path);
    const only = await sendByBarePage(token, chats[2], path, size);
    const other = await sendByCurl(token, chats[2], size);
    if (round === 0) continue;
    own.push(mbs(size, took));
    bare.push(mbs(size, only));
    curl.push(mbs(size, other));
    longest.push(task);
  }
  say({
    what: `upload of ${size >> 20} MiB by the page, MB/s`, figure: Math.round(median(own)).toString(), peer: `curl ${Math.round(median(curl))}`,
    ratio: `${(median(own) / median(curl)).toFixed(2)}x`, must: "0.7x", remark: "curl: 4 connections, no digests; the page hashes each chunk, and both cores do everything",
  });
  say({
    what: `the same by a page that does nothing else, MB/s`, figure: Math.round(median(bare)).toString(), peer: `our page ${Math.round(median(own))}`,
    ratio: `${(median(own) / median(bare)).toFixed(2)}x`, remark: "4 requests at once, no digests: what Chromium itself carries on these two cores",
  });
  say({ what: "the longest task of the page meanwhile", figure: longest.some((task) => task > 0) ? ms(most(longest)) : "under 50 ms", must: "<= 100 ms", remark: "browsers tell of tasks from 50 ms on" });

  const large = join(folder, "large.bin");
  const bytes = quick ? 256 << 20 : 4 * 1024 ** 3;
  writeFileSync(large, "");
  truncateSync(large, bytes);
  const debug = await context.newCDPSession(page);
  const held = [];
  const sample = () => void debug.send("Runtime.getHeapUsage").then(({ usedSize, backingStorageSize = 0 }) => held.push((usedSize + backingStorageSize) / 1e6), () => undefined);
  await sendByPage(page, large, sample);
  say({ what: `memory of the page while ${Math.round(bytes / 2 ** 20).toLocaleString("en")} MiB go out`, figure: `${Math.round(most([0, ...held]))} MB`, must: "< 150 MB", remark: `the heap and its buffers, the most of ${held.length} looks` });
  await context.close();
}

try {
  const { token, chats } = await settle();
  const empty = await serveEmptyPage();
  await coldAndWarm(empty.url);
  empty.close();
  await hands(chats);
  await files(token, chats);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
