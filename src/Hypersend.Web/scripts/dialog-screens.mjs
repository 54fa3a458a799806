// Screens that somebody has to do something for: dialogs, what waits, what was found, and what is there without a network.
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Screens as [name, path, act, after], found by their icons, since their words are in three languages. */
export function dialogScreens(home, folder) {
  const [note, film] = ["packing-list.txt", "holiday-film-2026.mkv"].map((name) => join(folder, name));
  writeFileSync(note, "Jackets, thermos, bread.\n");
  // So large that it is still on its way when the picture is taken, and nothing of it on the disk.
  writeFileSync(film, "");
  truncateSync(film, 8e9);
  const opened = (page) => page.locator("dialog[open]").first().waitFor();
  const press = async (page, icon, where = "") => page.locator(`${where} button:has(use[href$='#${icon}'])`).first().click();
  const ask = (icon, where) => async (page) => {
    await press(page, icon, where);
    await opened(page);
  };
  const ofMenu = (opener, icon) => async (page) => {
    await opener(page);
    await press(page, icon, ".menu");
    await opened(page);
  };
  const ofMessage = (page) => page.locator(".entry.own .bubble").last().click({ button: "right" });
  const attach = async (page, file) => {
    await page.evaluate(() => delete globalThis.showOpenFilePicker);
    const chooser = page.waitForEvent("filechooser");
    await press(page, "attach", ".composer");
    await (await chooser).setFiles(file);
    await opened(page);
  };
  const group = `/c/${home.group}`;
  return [
    ["archive", "/archive"],
    ["found", "/search", async (page) => {
      await page.locator(".pane-search input").fill("the");
      await page.locator("mark").first().waitFor();
    }],
    ["transfers", "/", ofMenu((page) => page.locator(".me-button").click(), "arrowUp")],
    ["main-menu", "/", async (page) => {
      await page.locator(".me-button").click();
      await page.locator(".menu").waitFor();
    }],
    ["chat-menu", group, async (page) => {
      await page.locator(".main-pane .bar > .icon-button").last().click();
      await page.locator(".menu").waitFor();
    }],
    ["mute", group, ofMenu((page) => page.locator(".main-pane .bar > .icon-button").last().click(), "bellOff")],
    ["schedule", group, ofMenu((page) => page.locator(".main-pane .bar > .icon-button").last().click(), "clock")],
    ["forward", group, ofMenu(ofMessage, "forward")],
    ["receipts", group, ofMenu(ofMessage, "ticks")],
    ["invite", `${group}/info`, ask("link", ".details")],
    ["bans", `${group}/info`, ask("ban", ".details")],
    ["edit-chat", `${group}/info`, ask("edit", ".side-pane")],
    ["shortcuts", group, async (page) => {
      await page.locator(".message-list").focus();
      await page.keyboard.press("?");
      await opened(page);
    }],
    ["switcher", group, async (page) => {
      await page.keyboard.press("Control+k");
      await opened(page);
    }],
    ["answering", group, async (page) => {
      await ofMessage(page);
      await press(page, "reply", ".menu");
      await page.locator(".composer-box").fill("Good. @ben");
      await page.locator(".composer-about").waitFor();
      await page.locator(".mention-picker").waitFor();
    }, (page) => page.locator(".composer-box").fill("")],
    ["choosing", group, async (page) => {
      await ofMessage(page);
      await press(page, "select", ".menu");
      await page.locator(".choose-bar").waitFor();
    }],
    ["sending", group, (page) => attach(page, note)],
    ["uploading", `/c/${home.saved}`, async (page) => {
      let chunks = 0;
      await page.context().route("**/files/*/chunk?*", (route) => (chunks++ < 9 ? route.continue() : undefined));
      await attach(page, film);
      await page.locator("dialog[open] .button:has(use[href$='#send'])").last().click();
      await page.locator(".file-card .ring-done").last().waitFor();
      await page.waitForFunction(() => /[1-9].*[1-9]/s.test([...document.querySelectorAll(".file-card")].at(-1)?.querySelector(".file-line")?.textContent ?? ""));
    }, async (page) => {
      await page.context().unrouteAll({ behavior: "ignoreErrors" });
      await page.locator(".file-card > .icon-button").last().click();
      const deleted = page.waitForResponse((answer) => answer.request().method() === "DELETE");
      await page.locator("dialog[open] .button.danger").click();
      await deleted;
      // The page's own step back, which would end the next step forward.
      await page.waitForFunction(() => !history.state?.overlay);
    }],
    ["quota", "/admin", async (page) => {
      await page.locator(".admin-person .icon-button").last().click();
      await press(page, "disk", ".menu");
      await opened(page);
    }],
    ["person-menu", "/admin", async (page) => {
      await page.locator(".admin-person .icon-button").last().click();
      await page.locator(".menu").waitFor();
    }],
    ["failed", "/discover", async (page) => {
      await page.context().route("**/chats/discover*", (route) => route.fulfill({ status: 500, body: "" }));
      await page.reload();
      await page.locator(".splash.inner .button").waitFor();
    }, (page) => page.context().unrouteAll({ behavior: "ignoreErrors" })],
    ["loading", "/contacts", async (page) => {
      await page.context().route("**/users/me/contacts*", () => undefined);
      await page.reload();
      await page.locator(".row-skeleton").first().waitFor();
      return "moves";
    }, (page) => page.context().unrouteAll({ behavior: "ignoreErrors" })],
    ["offline", group, async (page) => {
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      await page.context().setOffline(true);
      await page.goto("/");
      await page.locator(".status-line .icon").waitFor();
    }, (page) => page.context().setOffline(false)],
  ];
}
