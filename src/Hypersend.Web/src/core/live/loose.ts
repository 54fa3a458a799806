import type { Frame } from "./wire";

/** What an event added to my counts while a question was on its way: the answer may be older than it. */
export interface Counted {
  readonly rev: number;
  readonly seq: number;
  readonly unread: number;
  readonly mentions: number;
}

/** What is not settled about a chat while a question is on its way. Plain, so that it can be handed to another tab. */
export interface Loose {
  asked: boolean;
  /** Of this chat I know that it is there, and nothing more. */
  isNew: boolean;
  /** The chat is here, and what waits for me in it is still coming. */
  isUncounted: boolean;
  /** Events that came before the one they follow on, by rev. */
  readonly held: Map<number, Frame>;
  counted: Counted[];
  /** My settings came while the question was on its way, so they are newer than the answer. */
  settingsCame: boolean;
}

export const newLoose = (): Loose => ({ asked: false, isNew: false, isUncounted: false, held: new Map(), counted: [], settingsCame: false });

export function ask(loose: Loose): void {
  loose.asked = true;
  loose.settingsCame = false;
  loose.counted = [];
}

export function answered(loose: Loose): void {
  loose.asked = false;
  loose.isNew = false;
  loose.isUncounted = false;
  loose.settingsCame = false;
  loose.counted = [];
}

export const firstHeld = (loose: Loose): number => Math.min(...loose.held.keys());
