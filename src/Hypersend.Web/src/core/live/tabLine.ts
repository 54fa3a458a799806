import type { Chat, UserId } from "../api/types";
import type { OutboxEntry } from "../model";
import { Problem } from "../problem";
import type { OutboxChange, StoreInput } from "./protocol";
import type { Frame } from "./wire";

/** What a tab without the connection asks of the one that has it. */
export type Errand =
  | readonly ["read", chat: string, seq: number]
  | readonly ["say", Frame]
  | readonly ["send", OutboxEntry]
  | readonly ["retry", id: string]
  | readonly ["discard", id: string]
  | readonly ["doubt", Readonly<Record<string, number>>]
  | readonly ["meet", Chat]
  | readonly ["presence", status: string]
  | readonly ["idle", tab: string, on: boolean]
  | readonly ["watch", tab: string, users: readonly UserId[]];

/** What tabs of one account tell each other. */
export type TabWord =
  | { readonly kind: "leads"; readonly from: string }
  | { readonly kind: "join"; readonly from: string }
  | { readonly kind: "snapshot"; readonly from: string; readonly to: string; readonly state: object; readonly outbox: readonly OutboxEntry[] }
  | { readonly kind: "inputs"; readonly from: string; readonly inputs: readonly StoreInput[]; readonly changes: readonly OutboxChange[] }
  | { readonly kind: "do"; readonly from: string; readonly errand: Errand }
  | { readonly kind: "transfer"; readonly from: string; readonly body: unknown };

/** A broadcast to the other tabs of the same account; never heard by the one who spoke. */
export interface TabChannel {
  post(word: TabWord): void;
  listen(hear: (word: TabWord) => void): void;
  close(): void;
}

/** A lock that one tab at a time has, until it is given back or the tab is gone. */
export interface TabLocks {
  /** Calls back once it is ours; answers how to give it back, or to stop waiting. */
  hold(name: string, run: () => void): () => void;
  /** Ours at once, or null. */
  tryHold(name: string): Promise<(() => void) | null>;
}

/** Errors lose their fields on the way to another tab and into storage. */
export function packed(entry: OutboxEntry): OutboxEntry {
  if (!entry.problem) return entry;
  const { status, code, detail, hint } = entry.problem;
  return { ...entry, problem: { status, code, detail, hint } as Problem };
}

export function unpacked(entry: OutboxEntry): OutboxEntry {
  if (!entry.problem || entry.problem instanceof Problem) return entry;
  const { status, code, detail, hint } = entry.problem as Problem;
  return { ...entry, problem: new Problem(status, code, { detail, hint }) };
}

export const packedChange = (change: OutboxChange): OutboxChange =>
  "put" in change ? { put: packed(change.put) } : { done: packed(change.done), message: change.message };
