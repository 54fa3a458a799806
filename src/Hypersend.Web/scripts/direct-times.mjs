// What direct transfers do in the system's Chromium against a server that is running: node scripts/direct-times.mjs <address> [--quick].
// The scenario `direct` of bench/Hypersend.Load starts the server, runs this and writes the figures down; each line is one of them.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { chromium } from "playwright-core";
import { median, most, ms, say } from "./figures.mjs";

const base = process.argv[2];
const quick = process.argv.includes("--quick");
if (!base?.startsWith("http")) throw new Error("Say the address of a running server with nobody on it.");
const password = "two people and a boat";
const folder = mkdtempSync(join(tmpdir(), "hypersend-direct-"));
const mebi = 1 << 20;
const rounds = quick ? 1 : 3;

/** Looks like chance, and is the same every time. */
const seed = 20_261_122;
let state = seed;
function chance() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}

/** In the sender's page: the next connections are cut after so many bytes, in one of two ways. */
const cutLines = () => {
  globalThis.cuts = [];
  const { createDataChannel } = RTCPeerConnection.prototype;
  const owners = new WeakMap();
  RTCPeerConnection.prototype.createDataChannel = function (...how) {
    const channel = createDataChannel.apply(this, how);
    owners.set(channel, this);
    return channel;
  };
  const plans = new WeakMap();
  const { send } = RTCDataChannel.prototype;
  RTCDataChannel.prototype.send = function (frame) {
    const owner = owners.get(this);
    const length = frame.byteLength ?? 0;
    if (length > 0 && !plans.has(owner)) plans.set(owner, { left: Infinity, how: "", ...cuts.shift() });
    const plan = plans.get(owner);
    if (plan && (plan.left -= length) < 0) {
      // Silence is what a lost network is; a page that goes says so.
      if (plan.how === "breaks") owner.close();
      return;
    }
    send.call(this, frame);
  };
};

/** The person picks a file; it lies where the page may look at it. */
const picksPlace = () => {
  globalThis.showSaveFilePicker = async ({ suggestedName }) => (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
  ],
});

async function signUp(username) {
  const answer = await fetch(`${base}/api/v1/auth/register`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ username, email: `${username}@example.org`, password, name: username }),
  });
  if (!answer.ok) throw new Error(`Signing ${username} up: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function enter(username, path, ...scripts) {
  const context = await browser.newContext({ baseURL: base, viewport: { width: 1000, height: 800 }, locale: "en-GB", reducedMotion: "reduce" });
  const answer = await context.request.post("/api/v1/auth/login", { data: { login: username, password, session: "cookie" } });
  if (!answer.ok()) throw new Error(`Signing in: ${answer.status()}`);
  await context.addInitScript(() => localStorage.setItem("hs.in", "1"));
  for (const script of scripts) await context.addInitScript(script);
  const page = await context.newPage();
  await page.goto(path);
  await page.locator("textarea").waitFor();
  return page;
}

const fileOf = (name, bytes) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

/** Offers these files, accepts them all, and waits until both sides call each of them done. Milliseconds, from the clicks that accept. */
async function carry([ana, ben], paths) {
  const chooser = ana.waitForEvent("filechooser");
  await ana.getByRole("button", { name: "Attach files", exact: true }).click();
  await (await chooser).setFiles(paths);
  await ana.getByRole("button", { name: "Send directly", exact: true }).click();
  await ben.getByRole("button", { name: "Transfers", exact: true }).click();
  await ben.waitForFunction((count) => document.querySelectorAll(".direct[data-state=offered]").length === count, paths.length);
  const begun = performance.now();
  for (const path of paths) await ben.locator(".direct", { hasText: basename(path) }).getByRole("button", { name: "Save as…" }).click();
  const ended = (count) => {
    const rows = [...document.querySelectorAll(".direct")];
    const bad = rows.find(({ dataset }) => ["failed", "cancelled"].includes(dataset.state));
    if (bad) throw new Error(bad.textContent ?? "");
    return rows.filter(({ dataset }) => dataset.state === "done").length === count;
  };
  for (const page of [ben, ana]) await page.waitForFunction(ended, paths.length, { timeout: 600_000, polling: 20 });
  const took = performance.now() - begun;
  const lost = await ben.evaluate(() => [...document.querySelectorAll(".direct")].map(({ dataset: { lost, why } }) => ({ ms: Number(lost ?? NaN), why })));
  const route = await ben.evaluate(() => document.querySelector(".direct .fingerprint") ? "relay" : "direct");
  for (const page of [ana, ben]) {
    await page.getByRole("button", { name: "Clear", exact: true }).click();
    await page.keyboard.press("Escape");
    await page.locator("dialog[open]").waitFor({ state: "detached" });
  }
  return { took, lost, route };
}

/** Digests of what was saved, which then goes. */
const taken = (page, names) => page.evaluate(async (wanted) => {
  const root = await navigator.storage.getDirectory();
  const found = [];
  for (const name of wanted) {
    const bytes = await (await (await root.getFileHandle(name)).getFile()).arrayBuffer();
    found.push([...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
    await root.removeEntry(name);
  }
  return found;
}, names);

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Two pages that do nothing but hand the same frames from one to the other: no file, no digest, no worker. */
async function bare([from, to], { channels, connections, bytes }) {
  const make = ([count, channelsEach, kind]) => {
    globalThis.peers = Array.from({ length: count }, () => new RTCPeerConnection());
    globalThis.lanes = peers.flatMap((peer) => Array.from({ length: channelsEach }, (_, id) => peer.createDataChannel("data", { negotiated: true, id })));
    for (const lane of lanes) lane.binaryType = "arraybuffer";
    globalThis.gathered = (peer) => new Promise((resolve) => {
      const look = () => peer.iceGatheringState === "complete" && resolve(peer.localDescription.toJSON());
      peer.addEventListener("icegatheringstatechange", look);
      look();
    });
    return kind;
  };
  for (const page of [from, to]) await page.evaluate(make, [connections, channels, "lanes"]);
  for (let n = 0; n < connections; n++) {
    const offer = await from.evaluate(async (at) => {
      await peers[at].setLocalDescription();
      return gathered(peers[at]);
    }, n);
    const answer = await to.evaluate(async ([at, description]) => {
      await peers[at].setRemoteDescription(description);
      await peers[at].setLocalDescription();
      return gathered(peers[at]);
    }, [n, offer]);
    await from.evaluate(([at, description]) => peers[at].setRemoteDescription(description), [n, answer]);
  }
  const came = to.evaluate((wanted) => new Promise((resolve) => {
    let [first, bytes] = [0, 0];
    for (const lane of lanes) {
      lane.onmessage = ({ data }) => {
        first ||= performance.now();
        bytes += data.byteLength;
        if (bytes >= wanted) resolve(performance.now() - first);
      };
    }
  }), bytes);
  await from.evaluate(async ([wanted, each]) => {
    await Promise.all(lanes.map((lane) => new Promise((resolve) => (lane.readyState === "open" ? resolve() : (lane.onopen = resolve)))));
    const frame = new ArrayBuffer(each);
    let left = wanted;
    for (const lane of lanes) {
      lane.bufferedAmountLowThreshold = 256 * 1024;
      const fill = () => {
        for (; left > 0 && lane.bufferedAmount < 1024 * 1024; left -= each) lane.send(frame);
      };
      lane.onbufferedamountlow = fill;
      fill();
    }
  }, [bytes, 65_548]);
  const took = await came;
  for (const page of [from, to]) await page.evaluate(() => peers.forEach((peer) => peer.close()));
  return bytes / 1e6 / (took / 1000);
}

async function speeds(pair, relayed) {
  const size = (quick ? 64 : 512) * mebi;
  const path = fileOf("film.bin", Buffer.alloc(size, 7));
  const plain = await Promise.all([0, 1].map(async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${base}/health`);
    return page;
  }));
  const shapes = { one: [1, 1], two: [2, 1], four: [4, 1], apart: [1, 2] };
  const figures = { direct: [], relay: [], one: [], two: [], four: [], apart: [] };
  for (let round = 0; round < rounds; round++) {
    for (const [name, way] of [["direct", pair], ["relay", relayed]]) {
      const { took, route } = await carry(way, [path]);
      if (route !== name) throw new Error(`It went by ${route}, not by ${name}.`);
      figures[name].push(size / 1e6 / (took / 1000));
      await way[1].evaluate(async () => (await navigator.storage.getDirectory()).removeEntry("film.bin"));
    }
    for (const [name, [channels, connections]] of Object.entries(shapes)) figures[name].push(await bare(plain, { channels, connections, bytes: size / 2 }));
  }
  for (const page of plain) await page.context().close();
  const of = (name) => median(figures[name]);
  const span = (name) => `${Math.round(Math.min(...figures[name]))} to ${Math.round(most(figures[name]))}`;
  const row = (what, name, beside, against, remark, must = "-") => say({
    what, figure: Math.round(of(name)).toString(), peer: `${beside} ${Math.round(of(against))}`, ratio: `${(of(name) / of(against)).toFixed(2)}x`, must, remark,
  });
  row(`${size / mebi} MiB by a direct line, MB/s`, "direct", "a bare data channel", "one", `${span("direct")}; read, hashed on both sides and saved; from the click that accepts to both being told`);
  row("the same through the relay, MB/s", "relay", "the direct line", "direct", `${span("relay")}; sealed between the two`);
  const why = "frames of 64 KiB from page to page, no file and no digest; a second one would have to bring 1.3x";
  row("a bare connection with 2 data channels, MB/s", "two", "with 1", "one", `${span("two")}; ${why}`);
  row("a bare connection with 4 data channels, MB/s", "four", "with 1", "one", span("four"));
  row("2 bare connections at once, MB/s", "apart", "with 1", "one", span("apart"));
}

/** Files whose line is cut at a moment that chance names, so many at once. */
async function changes(pair, { count, together, note }) {
  const size = 24 * mebi;
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 4096) bytes.writeUInt32LE(at, at);
  const wanted = sha256(bytes);
  const gaps = { silent: [], breaks: [] };
  for (let n = 0; n < count; n += together) {
    const how = (n / together) % 2 === 0 ? "silent" : "breaks";
    const names = Array.from({ length: together }, (_, i) => `cut-${together}-${n + i}.bin`);
    await pair[0].evaluate((plan) => (globalThis.cuts = plan), names.map(() => ({ left: Math.floor(chance() * size * 0.95), how })));
    const { lost } = await carry(pair, names.map((name) => fileOf(name, bytes)));
    const found = await taken(pair[1], names);
    if (found.some((hash) => hash !== wanted)) throw new Error("A file came out another one.");
    // On a slow machine the server may have begun, or have been tried, before the cut came: those are not counted.
    gaps[how].push(...lost.filter(({ why }) => why === "silent" || why === "gone").map(({ ms: gap }) => gap));
  }
  if (gaps.silent.length === 0 || gaps.breaks.length === 0) throw new Error("No line was up when it was to be cut: the machine is too busy.");
  const row = (what, name) => say({
    what, figure: ms(median(gaps[name])), must: "< 2,000 ms", remark: `worst ${ms(most(gaps[name]))} of ${gaps[name].length}, ${note}; each file equal; seed ${seed}`,
  });
  row("without a byte when a direct line falls silent and the relay takes over", "silent");
  row("the same when the other end closes the line", "breaks");
}

/** Two people in the chat between them, each in a browser window of their own. */
async function pairUp(one, two, ...scripts) {
  const [{ access_token: token }, { id }] = [await signUp(one), await signUp(two)];
  const made = await fetch(`${base}/api/v1/chats`, {
    method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, body: JSON.stringify({ type: "direct", member_ids: [id] }),
  });
  const path = `/c/${(await made.json()).id}`;
  const plainField = () => delete globalThis.showOpenFilePicker;
  return [await enter(one, path, plainField, ...scripts), await enter(two, path, picksPlace, ...scripts)];
}

try {
  const pair = await pairUp("ana", "ben", cutLines);
  await changes(pair, { count: quick ? 4 : 30, together: 1, note: "one after another" });
  await changes(pair, { count: quick ? 10 : 50, together: 5, note: "5 at once" });
  // From now on the relay lets neither of them in, and there is one way only.
  for (const page of pair) await page.context().route("**/auth/ws-ticket", () => {});
  await speeds(pair, await pairUp("cem", "dora", () => delete globalThis.RTCPeerConnection));
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
