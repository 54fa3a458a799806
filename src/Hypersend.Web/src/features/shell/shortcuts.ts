import { paths, placeOf } from "../../core/places";
import { talk } from "../../talk";
import { back, go, path } from "../../ui/router";
import { chooseNothing } from "../messages/desk";
import { searchIn } from "../search/searchState";
import { dialog, openDialog } from "./dialogs";

const apple = /Mac|iPhone|iPad/.test(navigator.platform);
export const command = apple ? "⌘" : "Ctrl";

/** The one table of keys: what the page hears, and what the sheet of keys shows. */
export const shortcuts = [
  { name: "switcher", keys: [command, "K"], run: () => openDialog({ name: "switcher" }) },
  { name: "find", keys: [command, "F"], run: findHere },
  { name: "nextChat", keys: ["Alt", "↓"], run: () => step(1, false) },
  { name: "previousChat", keys: ["Alt", "↑"], run: () => step(-1, false) },
  { name: "nextUnread", keys: ["Alt", "Shift", "↓"], run: () => step(1, true) },
  { name: "previousUnread", keys: ["Alt", "Shift", "↑"], run: () => step(-1, true) },
  { name: "close", keys: ["Esc"], run: leave },
  { name: "help", keys: ["?"], run: () => openDialog({ name: "shortcuts" }) },
  { name: "send", keys: ["Enter"] },
  { name: "line", keys: ["Shift", "Enter"] },
  { name: "edit", keys: ["↑"] },
  { name: "bold", keys: [command, "B"] },
  { name: "italic", keys: [command, "I"] },
  { name: "code", keys: [command, "E"] },
] as const satisfies readonly { name: string; keys: readonly string[]; run?: () => boolean | void }[];

function findHere(): boolean {
  const place = placeOf(path.value);
  const chat = place.name === "chat" ? talk().chats.chat(place.chat).value : null;
  // Anywhere else the browser's own search is as good as ours.
  if (!chat) return false;
  searchIn(chat);
  return true;
}

function step(by: 1 | -1, unread: boolean): void {
  const place = placeOf(path.value);
  const all = talk().chats.chats.value.filter((chat) => !chat.archived);
  const here = all.findIndex((chat) => place.name === "chat" && chat.id === place.chat);
  for (let at = here + by; at >= 0 && at < all.length; at += by) {
    const chat = all[at]!;
    if (unread && chat.unread === 0) continue;
    go(paths.chat(chat.id));
    return;
  }
}

function leave(): boolean {
  if (chooseNothing()) return true;
  const place = placeOf(path.value);
  if (place.name === "chats") return false;
  if (place.name === "chat" && (place.details || place.thread)) back(paths.chat(place.chat));
  else go(paths.chats);
  return true;
}

/** Which row of the table a key is; it has to be exactly those keys. */
export function shortcutOf(event: KeyboardEvent): (typeof shortcuts)[number] | undefined {
  const named: Record<string, string> = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };
  const key = named[event.key] ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key);
  const held = [
    ...(event.ctrlKey || event.metaKey ? [command] : []), ...(event.altKey ? ["Alt"] : []),
    // The question mark already is a key with Shift.
    ...(event.shiftKey && key !== "?" ? ["Shift"] : []), key,
  ];
  return shortcuts.find((one) => one.keys.length === held.length && one.keys.every((each, index) => each === held[index]));
}

export function hearKeys(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || dialog.value) return;
  const found = shortcutOf(event);
  if (!found || !("run" in found)) return;
  const target = event.target as Element | null;
  const writing = target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
  if (document.querySelector("dialog[open], :popover-open")) return;
  // A plain key belongs to the text that is being written.
  if (writing && found.keys.length === 1 && found.name !== "close") return;
  if (writing && found.name === "close" && target instanceof HTMLInputElement && target.value) return;
  if (found.run() !== false) event.preventDefault();
}
