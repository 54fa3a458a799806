// Every screen as a picture, in four sizes, both themes and three languages. `make screenshots` starts a server of its own for it;
// with an address as the first argument it uses the one that is there. only=chat,list sizes=phone themes=dark languages=en out=folder
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { dialogScreens } from "./dialog-screens.mjs";
import { directScreens } from "./direct-screens.mjs";
import { furnish, password } from "./furnish.mjs";

const given = process.argv[2]?.startsWith("http") ? process.argv[2] : null;
const rest = process.argv.slice(given ? 3 : 2);
const base = given ?? "http://127.0.0.1:8917";
const option = (name) => rest.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1).split(",");
const folder = option("out")?.[0] ?? "artifacts/screenshots";
const sizes = { desktop: [1280, 800], tablet: [768, 1024], phone: [400, 850], small: [320, 640] };
const wanted = { only: option("only"), sizes: option("sizes") ?? Object.keys(sizes), themes: option("themes") ?? ["light", "dark"], languages: option("languages") ?? ["en", "ar", "hi"] };
mkdirSync(folder, { recursive: true });

/** A server with nothing in it, in a folder that goes with it. */
async function startServer() {
  const data = mkdtempSync(join(tmpdir(), "hypersend-screenshots-"));
  const server = spawn("artifacts/server/hypersend-server", ["--urls", base], { env: { ...process.env, DATA_ROOT: data, RATE_LIMITS: "off" }, stdio: "ignore" });
  process.on("exit", () => {
    server.kill();
    rmSync(data, { recursive: true, force: true });
  });
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await fetch(`${base}/health`).then((answer) => answer.ok, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("The server did not start.");
}

if (!given) await startServer();
const home = await furnish(base);
const screens = [
  ["list", "/"],
  ["chat", `/c/${home.group}`],
  ["direct", `/c/${home.direct}`],
  ["files", `/c/${home.files}`],
  ["thread", `/c/${home.group}/t/${home.threadSeq}`],
  ["details", `/c/${home.group}/info`],
  ["person", `/u/${home.ben}`],
  ["contacts", "/contacts"],
  ["discover", "/discover"],
  ["search", "/search"],
  ["bookmarks", "/bookmarks"],
  ["settings", "/settings"],
  ...["profile", "appearance", "notifications", "privacy", "security", "devices", "storage", "keyboard", "about"].map((name) => [`settings-${name}`, `/settings/${name}`]),
  ["admin", "/admin"],
  ["admin-server", "/admin/server"],
  ["empty-channel", `/c/${home.channel}`],
  ["nowhere", "/there/is/nothing"],
  ["menu", `/c/${home.group}`, async (page) => {
    await page.locator(".bubble").last().click({ button: "right" });
    await page.locator(".menu").waitFor();
  }],
  ["new-group", "/", async (page) => {
    await page.locator(".fab button").click();
    await page.locator(".menu-item").nth(1).click();
    await page.locator("dialog[open]").waitFor();
  }],
  ["emoji", `/c/${home.group}`, async (page) => {
    await page.locator(".composer .icon-button").last().click();
    await page.locator(".emoji-cells").first().waitFor();
  }],
  ["status", "/", async (page) => {
    await page.locator(".me-button").click();
    await page.locator(".menu-item").first().click();
    await page.locator('[role="menuitemcheckbox"]').first().waitFor();
  }],
  ["document", `/c/${home.files}`, async (page) => {
    await page.locator(".file-card", { hasText: ".pdf" }).locator("button").last().click();
    await page.locator(".viewer-sheet[data-drawn]").first().waitFor();
  }],
  ["viewer", `/c/${home.files}`, async (page) => {
    await page.locator("button.media-box").first().click();
    await page.locator(".viewer-media").first().waitFor();
  }],
];

/** What a person would call loaded: no skeleton, letters and pictures there, nothing on its way to another place. */
const settled = (page) => page.waitForFunction(() =>
  !document.querySelector(".skeleton, [data-moving]")
  && document.fonts.status === "loaded"
  && [...document.images].every((image) => image.complete || image.loading === "lazy")
  && document.getAnimations().every((animation) => animation.playState !== "running" || animation.effect?.getComputedTiming().endTime === Infinity));

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-features=WebRtcHideLocalIpsWithMdns"] });
screens.push(...dialogScreens(home, tmpdir()), ...directScreens(browser, base, home, tmpdir()));
const complaints = [];
let count = 0;
for (const language of wanted.languages) {
  for (const theme of wanted.themes) {
    for (const name of wanted.sizes) {
      const [width, height] = sizes[name];
      const context = await browser.newContext({
        baseURL: base, viewport: { width, height }, colorScheme: theme, reducedMotion: "reduce", hasTouch: width < 600, isMobile: width < 600, locale: language === "en" ? "en-GB" : language,
      });
      await context.addInitScript((code) => {
        localStorage.setItem("hs.look", JSON.stringify({ theme: "system", lang: code, dir: code === "ar" || code === "ur" ? "rtl" : "ltr", langChosen: true }));
      }, language);
      const page = await context.newPage();
      page.on("pageerror", (error) => complaints.push(`${language} ${theme} ${name}: ${error.message}`));
      let here = "";
      // Where something is meant to fail, the browser says so.
      page.on("console", (message) => message.type() === "error" && !["refused", "failed", "offline"].includes(here) && complaints.push(`${language} ${theme} ${name}: ${message.text()}`));
      const shoot = async (screen) => {
        await page.screenshot({ path: join(folder, `${screen}-${name}-${theme}-${language}.png`) });
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (over > 0) complaints.push(`${screen} ${language} ${name}: scrolls sideways by ${over} px`);
        count++;
      };
      const chosen = (screen) => !wanted.only || wanted.only.includes(screen);
      for (const [screen, path] of [["login", "/login"], ["register", "/register"], ["forgot", "/forgot"]]) {
        if (!chosen(screen)) continue;
        await page.goto(path);
        await page.locator("form").waitFor();
        await settled(page);
        await shoot(screen);
      }
      if (chosen("shared")) {
        await page.goto(home.shared);
        await page.locator("main a").waitFor();
        await settled(page);
        await shoot("shared");
      }
      await page.goto("/login");
      if (chosen("refused")) {
        here = "refused";
        await page.locator('input[name="login"]').fill("ana");
        await page.locator('input[name="password"]').fill("one person");
        await page.locator('button[type="submit"]').click();
        await page.locator(".notice.error").waitFor();
        await settled(page);
        await shoot(here);
      }
      if (chosen("new-here")) {
        await page.locator('input[name="login"]').fill("nova");
        await page.locator('input[name="password"]').fill(password);
        await page.locator('button[type="submit"]').click();
        await page.locator(".app :is(.chat-row, .empty)").first().waitFor();
        await settled(page);
        await shoot("new-here");
        await context.clearCookies();
        await page.evaluate(() => ["hs.in", "hs.user"].forEach((key) => localStorage.removeItem(key)));
        await page.goto("/login");
      }
      await page.locator('input[name="login"]').fill("ana");
      await page.locator('input[name="password"]').fill(password);
      await page.locator('button[type="submit"]').click();
      await page.locator(".app").waitFor();
      for (const [screen, path, act, after] of screens) {
        if (!chosen(screen)) continue;
        here = screen;
        await page.goto(path);
        await page.locator(".app, .account, .admin, main.splash").first().waitFor();
        await page.waitForLoadState("networkidle");
        await settled(page);
        try {
          if ((await act?.(page)) !== "moves") await settled(page);
        } catch (error) {
          complaints.push(`${screen} ${language} ${theme} ${name}: ${String(error).split("\n")[0]}`);
        }
        await shoot(screen);
        await after?.(page).catch((error) => complaints.push(`after ${screen}: ${String(error).split("\n")[0]}`));
      }
      await context.close();
    }
  }
}
await browser.close();
for (const complaint of new Set(complaints)) console.error(complaint);
console.log(`${count} pictures in ${folder}${complaints.length ? `, ${complaints.length} complaints` : ""}`);
process.exit(complaints.length ? 1 : 0);
