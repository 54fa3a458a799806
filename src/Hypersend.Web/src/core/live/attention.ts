import type { UserId } from "../api/types";
import type { Frame } from "./wire";

/** Presence is for what is on a screen; more than this is a list nobody reads at once. */
const mostWatched = 500;

/** What all tabs of this browser want to know of others, and say of their person, through the one socket. */
export class Attention {
  readonly #watched = new Map<string, readonly UserId[]>();
  readonly #tabs = new Map<string, boolean>();
  #chosen: string | null = null;
  #away = false;

  watch(tab: string, users: readonly UserId[]): readonly Frame[] {
    if (users.length === 0 && !this.#watched.delete(tab)) return [];
    if (users.length > 0) this.#watched.set(tab, users);
    return [this.#watching()];
  }

  choose(status: string): readonly Frame[] {
    this.#chosen = status;
    this.#away = false;
    return [{ type: "presence.set", status }];
  }

  /** Another device of mine chose: coming back here must not undo it. */
  heard(status: string): void {
    if (status !== "away" && status !== "offline") this.#chosen = status;
  }

  idle(tab: string, on: boolean): readonly Frame[] {
    this.#tabs.set(tab, on);
    const away = [...this.#tabs.values()].every((idle) => idle);
    if (away === this.#away) return [];
    this.#away = away;
    return [{ type: "presence.set", status: away ? "away" : (this.#chosen ?? "online") }];
  }

  /** A new socket knows nothing of what the old one was told. */
  again(): readonly Frame[] {
    const frames: Frame[] = [];
    if (this.#away || this.#chosen) frames.push({ type: "presence.set", status: this.#away ? "away" : this.#chosen });
    if (this.#watched.size > 0) frames.push(this.#watching());
    return frames;
  }

  #watching(): Frame {
    return { type: "presence.watch", user_ids: [...new Set([...this.#watched.values()].flat())].slice(0, mostWatched) };
  }
}
