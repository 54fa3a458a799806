// Pictures of transfers from one person to another need a second person who does their part: ben, in a browser window of his own.
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { password } from "./furnish.mjs";

const noPickers = () => {
  delete globalThis.showOpenFilePicker;
  delete globalThis.showSaveFilePicker;
};

/** What leaves by a direct line leaves slowly, and after so many bytes not at all: then there is time for a picture. */
const slowLine = ({ most, everyMs }) => {
  let sent = 0;
  const { send } = RTCDataChannel.prototype;
  let turn = Promise.resolve();
  RTCDataChannel.prototype.send = function (frame) {
    const bytes = frame.byteLength ?? 0;
    if (bytes === 0) return send.call(this, frame);
    sent += bytes;
    if (sent > most) return;
    turn = turn.then(() => new Promise((resolve) => setTimeout(resolve, everyMs)).then(() => this.readyState === "open" && send.call(this, frame)));
  };
};

/** Screens as [name, path, act, after]; each begins with nothing open between the two. */
export function directScreens(browser, base, home, folder) {
  const [small, large] = ["harbour-map.pdf", "holiday-film-2026.mkv"].map((name) => join(folder, name));
  writeFileSync(small, Buffer.alloc(24 << 20, 7));
  // So large that what there is to see lasts, and nothing of it on the disk.
  writeFileSync(large, "");
  truncateSync(large, 8e9);
  let ben = null;

  async function open(line) {
    const context = await browser.newContext({ baseURL: base });
    await context.request.post("/api/v1/auth/login", { data: { login: "ben", password, session: "cookie" } });
    const page = await context.newPage();
    await page.addInitScript(noPickers);
    await page.addInitScript(() => location.protocol.startsWith("http") && localStorage.setItem("hs.in", "1"));
    if (line?.most) await page.addInitScript(slowLine, line);
    await page.goto("/contacts");
    await page.locator(".app").waitFor();
    return (ben = { context, page });
  }

  async function close() {
    await ben?.context.close();
    ben = null;
  }

  /** From whose page is open at the other one's, with their button. */
  async function offer(page, to, file) {
    await page.goto(`/u/${to}`);
    const chooser = page.waitForEvent("filechooser");
    await page.locator("button:has(use[href$='#send'])").first().click();
    await (await chooser).setFiles(file);
  }

  const accept = (page) => page.locator(".direct-offer .button").last().click();
  const drawer = (page) => page.locator("dialog[open] .direct").first();
  const takes = async (page) => {
    await page.addInitScript(noPickers);
    await page.reload();
    await page.locator(".app").waitFor();
  };

  /** Ben sends to ana, who accepts; answers when this is to be seen at hers. */
  const incoming = (line, seen) => async (page) => {
    await takes(page);
    const { page: other } = await open(line);
    await offer(other, home.ana, line ? large : small);
    await page.locator(".direct-offer").waitFor();
    if (!seen) return;
    await accept(page);
    await drawer(page).waitFor();
    await page.locator(seen).waitFor({ timeout: 30_000 });
  };

  const after = async (page) => {
    await close();
    await page.evaluate(async () => {
      const token = await fetch("/api/v1/auth/refresh", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ session: "cookie" }) }).then((answer) => answer.json());
      const headers = { Authorization: `Bearer ${token.access_token}` };
      const { items } = await fetch("/api/v1/p2p/history?limit=50", { headers }).then((answer) => answer.json());
      for (const { id, state } of items) if (state === "offered" || state === "accepted") await fetch(`/api/v1/p2p/${id}/cancel`, { method: "POST", headers });
    });
  };

  /** As fast as it can: the file is large. */
  const plain = {};
  return [
    ["direct-offer", `/c/${home.group}`, incoming(plain, null), after],
    ["direct-running", "/", incoming(plain, ".direct[data-state=running] .route[data-route=direct]"), after],
    ["direct-switched", "/", incoming({ most: 6 << 20, everyMs: 5 }, ".direct[data-lost]"), after],
    ["direct-paused", "/", async (page) => {
      await incoming(plain, ".direct[data-state=running]")(page);
      await drawer(page).locator(".ring-button").first().click();
      await page.locator(".direct[data-state=paused]").waitFor();
    }, after],
    ["direct-away", "/", async (page) => {
      await incoming(plain, ".direct[data-state=running]")(page);
      await close();
      await page.locator(".direct[data-state=waiting]").waitFor({ timeout: 30_000 });
    }, after],
    ["direct-choice", "/", async (page) => {
      await takes(page);
      await offer(page, home.ben, small);
      await drawer(page).locator(".direct-way").waitFor();
    }, after],
    ["direct-storing", "/", async (page) => {
      await takes(page);
      let chunks = 0;
      await page.context().route("**/files/*/chunk?*", (route) => (chunks++ < 9 ? route.continue() : undefined));
      await offer(page, home.ben, small);
      await drawer(page).locator(".direct-way button").click();
      await page.waitForFunction(() => /[1-9]\d/.test(document.querySelector(".direct")?.textContent ?? ""), null, { timeout: 15_000 });
    }, async (page) => {
      await page.context().unrouteAll({ behavior: "ignoreErrors" });
      await after(page);
    }],
    ["direct-stored", "/", async (page) => {
      await takes(page);
      await offer(page, home.ben, small);
      await drawer(page).locator(".direct-way button").click();
      await page.locator(".direct .direct-way").waitFor({ state: "detached" });
      await page.locator(".direct[data-stored=whole]").waitFor({ timeout: 30_000 });
    }, after],
    ["direct-done", "/", incoming(null, ".direct[data-state=done]"), after],
    ["direct-history", "/", async (page) => {
      await incoming(null, ".direct[data-state=done]")(page);
      await page.locator("dialog[open] .row button").first().click();
      await page.locator("dialog[open] .transfer time").first().waitFor({ state: "attached" });
    }, after],
  ];
}
