// Presses what there is to press: on each screen, and in every menu, sheet and dialog that comes of it.
// Evaluated in the page by ControlTests; `pressing.screens(paths)` first, `pressing.harm()` last.
globalThis.pressing = (() => {
  const controls = 'button, a[href^="/"], [role="switch"], input[type="checkbox"], input[type="radio"], summary';
  // What is chosen already (the tab one is on, the radio that is set, the end one is at) has nothing more to do.
  const chosen = '[aria-current]:not([aria-current="false"]), [aria-selected="true"], [role="radio"][aria-checked="true"], '
    + '[role="menuitemcheckbox"][aria-checked="true"], [role="tab"][aria-pressed="true"], input[type="radio"]:checked, .leave, .skip, .to-end:not(.shown)';
  // One of many of the same kind speaks for all of them, where they lie on a screen for a moment.
  const alike = ".row-link, .emoji-cells .emoji, .emoji-row .emoji:not(.more)";
  // The order of what ends a visit: of somebody else's first, then from the settings, where it is one's own.
  const ends = (name) => (!/Log out everywhere/.test(name) ? 0 : name.startsWith("admin") ? (/Make admin/.test(name) ? 1 : 3) : 2);
  const [done, faults, harmful, opened] = [new Set(), [], new Map(), new Set()];

  // That of links and fields is kept from opening the browser's own dialogs.
  const click = (one) => HTMLElement.prototype.click.call(one);
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const layers = () => [...document.querySelectorAll("dialog[open], :popover-open")];
  const isOpen = (layer) => layer.isConnected && layer.matches("dialog[open], :popover-open");
  const fields = () => [...document.querySelectorAll("input, textarea, select")].map((field) => field.value + field.checked).join();
  const rests = () => !document.querySelector(".skeleton, .waiting, .spinner");
  // Numbers count, and the people and chats of the trial are numbered: any of them will do.
  const plain = (text) => (text ?? "").replace(/\d+/g, "#").replace(/\s+/g, " ").trim().slice(0, 80);

  async function until(holds) {
    // Only what does nothing at all waits so long.
    for (const end = performance.now() + 20_000; performance.now() < end;) {
      const found = holds();
      if (found) return found;
      await frame();
    }
    return null;
  }

  const wordsOf = (one) => plain(one.getAttribute("aria-label") ?? one.closest("label")?.textContent ?? one.textContent);

  function kindOf(layer) {
    if (!layer) return "";
    const admin = location.pathname.startsWith("/admin") ? "admin " : "";
    const first = layer.querySelector("[role^=menuitem]");
    return `${admin}${layer.tagName} ${layer.className} ${first ? wordsOf(first) : plain(layer.querySelector("h2")?.textContent)}`;
  }

  function nameOf(one, layer) {
    const entry = one.matches(".entry-more") ? one.closest(".entry") : null;
    const of = entry ? [entry.matches(".own") && "own", entry.querySelector(".file-card") && "file", entry.querySelector(".media-box") && "media"].filter(Boolean).join() : "";
    const words = layer && one.matches(alike) ? "" : (one.getAttribute("href") ?? wordsOf(one));
    // The corner of every dialog is the same one.
    return [one.closest(".dialog-close") ? "DIALOG" : kindOf(layer), one.tagName, one.className, words, of].join(" | ");
  }

  const pressable = (layer) => [...(layer ?? document).querySelectorAll(controls)].filter((one) =>
    one.checkVisibility({ visibilityProperty: true }) && !one.matches(chosen) && !one.disabled && one.getAttribute("aria-disabled") !== "true");
  const isHarmful = (one) => one.matches(".danger") || ends(wordsOf(one)) > 0;

  /** To a screen, as a click would go there; whatever lies on the page goes. */
  async function go(path) {
    history.pushState({ inside: true }, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
    for (let calm = 0; calm < 2; calm = rests() && layers().length === 0 ? calm + 1 : 0) {
      // Of one that was asked for on the screen before, and comes now.
      for (const layer of layers()) layer.matches("dialog") ? layer.close() : layer.hidePopover();
      await frame();
    }
  }

  const byHand = {
    "@paste": async () => {
      const box = await until(() => document.querySelector(".composer-box"));
      const bag = new DataTransfer();
      for (const name of ["One.txt", "Two.txt"]) bag.items.add(new File([name], name, { type: "text/plain" }));
      box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: bag, bubbles: true, cancelable: true }));
    },
    "@switcher": () => dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true, bubbles: true, cancelable: true })),
  };

  /** Goes to a screen and opens one layer after the other, as they were opened before; undefined where that cannot be done any more. */
  async function stand(path, chain, layer) {
    const top = layers().at(-1) ?? null;
    if (location.pathname === path && top === layer && (layer !== null || chain.length === 0)) return layer;
    await go(path);
    let open = null;
    for (const step of chain) {
      const below = open;
      if (byHand[step]) await byHand[step]();
      else {
        const control = pressable(below).find((one) => nameOf(one, below) === step);
        if (!control) return undefined;
        click(control);
      }
      open = null;
      // A switch that opened a dialog the first time may only turn back now.
      for (let n = 0; n < 40 && !open; n++, await frame()) open = layers().find((one) => one !== below) ?? null;
      if (!open) return undefined;
      await until(rests);
    }
    return open;
  }

  function fill(layer) {
    for (const field of (layer ?? document).querySelectorAll("input:not([type]), input[type=text], textarea")) {
      if (field.value || field.hidden || field.readOnly) continue;
      field.value = field.inputMode === "numeric" ? "5" : "Spare";
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  }

  /** True when something comes of it. That a menu or a dialog closes is not enough, except where closing is the point. */
  async function press(control) {
    const before = layers();
    const layer = before.at(-1) ?? null;
    const [home, place, acted, written] = [layer?.parentElement, location.href, globalThis.acted, fields()];
    const closes = /^(Cancel|Close)$/.test(wordsOf(control));
    let [outside, inside] = [false, false];
    const watch = new MutationObserver((changes) => {
      for (const { target } of changes) {
        if (layer?.contains(target)) inside = true;
        else if (!layer || target !== home) outside = true;
      }
    });
    watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    const moved = ({ target }) => {
      if (layer ? layer.contains(target) : target !== control) inside = true;
    };
    for (const type of ["focusin", "scroll"]) addEventListener(type, moved, true);
    click(control);
    const works = await until(() => outside || (inside && (!layer || isOpen(layer))) || (layer && closes && !isOpen(layer)) || location.href !== place
      || globalThis.acted !== acted || layers().some((one) => !before.includes(one))
      // A switch turns by itself, also where nobody heeds it; in a dialog nothing has to come of that before the dialog's end.
      || (fields() !== written && (layer || !control.matches("input"))));
    watch.disconnect();
    for (const type of ["focusin", "scroll"]) removeEventListener(type, moved, true);
    return works;
  }

  async function explore(path, chain, mayHarm) {
    let layer = chain.length === 0 ? null : undefined;
    for (let filled = false; ;) {
      layer = await stand(path, chain, layer);
      if (layer === undefined) return;
      if (layer) opened.add(kindOf(layer));
      if (!filled) fill(layer);
      filled = true;
      const left = pressable(layer).filter((one) => !done.has(nameOf(one, layer)));
      if (!mayHarm) for (const one of left.filter(isHarmful)) if (!harmful.has(nameOf(one, layer))) harmful.set(nameOf(one, layer), { path, chain });
      const next = left.find((one) => !isHarmful(one)) ?? (mayHarm ? left[0] : undefined);
      if (!next) return;
      await tryOne(next, layer, path, chain, mayHarm);
    }
  }

  async function tryOne(control, layer, path, chain, mayHarm) {
    const name = nameOf(control, layer);
    const [before, place] = [layers(), location.href];
    done.add(name);
    if (done.size > 800) throw new Error(`There is no end of controls, such as ${name}`);
    if (!(await press(control))) faults.push(`${path} ${[...chain, name].join(" > ")}`);
    // What a dialog consists of is there already, but it is drawn a moment after the click.
    for (let n = 0; n < 3 && location.href === place && layers().every((one) => before.includes(one)); n++) await frame();
    if (layers().some((one) => !before.includes(one)) && chain.length < 3) await explore(path, [...chain, name], mayHarm);
  }

  const report = () => ({ pressed: done.size, inside: [...done].filter((name) => !name.startsWith(" |")).length, opened: [...opened], faults });

  return {
    async screens(paths, chats) {
      for (const path of paths) await explore(path, [], false);
      for (const path of chats) for (const opener of Object.keys(byHand)) await explore(path, [opener], false);
      return report();
    },
    /** What takes something away; last of all what ends the visit. */
    async harm() {
      for (const [name, { path, chain }] of [...harmful].sort(([a], [b]) => ends(a) - ends(b))) {
        const layer = await stand(path, chain, chain.length === 0 ? null : undefined);
        // It may have gone with what was taken away before it.
        const control = layer === undefined ? null : pressable(layer).find((one) => nameOf(one, layer) === name);
        if (control && !done.has(name)) await tryOne(control, layer, path, chain, true);
      }
      return report();
    },
  };
})();
