import { effect } from "@preact/signals-core";
import type { Hub } from "../live/hub";
import type { Board } from "./board";
import type { Carried } from "./ports";

/** What the outbox could not even begin does not wait: it failed like its message, until that is tried once more. */
export function followRefusals(hub: Hub, board: Board, carried: ReadonlyMap<string, Carried>): { readonly look: () => void; readonly stop: () => void } {
  function look(): void {
    for (const { id, state, problem } of hub.outbox.value) {
      const item = carried.get(id);
      if (!item || item.stored.upload) continue;
      const hasFailed = board.stateOf(id) === "failed";
      if (state === "failed" && !hasFailed) board.show(id, { state: "failed", problem });
      else if (state !== "failed" && hasFailed) board.show(id, { state: "waiting", problem: null });
    }
  }
  return { look, stop: effect(look) };
}
