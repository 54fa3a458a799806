import type { FileId } from "../api/types";
import type { StoredDigests } from "../upload/plan";
import type { PlainProblem } from "../upload/words";
import type { Range } from "./grid";
import type { Route } from "./line";
import type { PortLike } from "./portLine";
import type { Change } from "./choice";
import type { SinkWish } from "./sinks";

/** What the page tells the worker that has the bytes of direct transfers. */
export type ToDirectWorker =
  | { readonly do: "send"; readonly id: string; readonly job: DirectJob; readonly file: Blob }
  | { readonly do: "receive"; readonly id: string; readonly job: DirectJob; readonly sink: SinkWish; readonly kept: StoredDigests | null }
  /** A straight line is up. */
  | { readonly do: "line"; readonly id: string; readonly port: PortLike }
  /** None will come for now. */
  | { readonly do: "no-line"; readonly id: string }
  /** The sender puts it on the server as well. */
  | { readonly do: "stored"; readonly id: string; readonly fileId: FileId }
  /** Of the stored file; null when it is gone, and "lost" when the server was not reached. */
  | { readonly do: "digests"; readonly id: string; readonly digests: readonly (string | null)[] | null | "lost" }
  | { readonly do: "ticket"; readonly id: string; readonly ticket: string | null }
  /** Of the other one. */
  | { readonly do: "signal"; readonly id: string; readonly data: object }
  | { readonly do: "pause"; readonly id: string; readonly on: boolean }
  /** What was received is not the file after all: nothing of it may stay. */
  | { readonly do: "discard"; readonly id: string }
  | { readonly do: "stop"; readonly id: string };

export interface DirectJob {
  readonly size: number;
  readonly chunkSize: number;
  readonly total: number;
  /** Where this side meets the other one on the server. */
  readonly url: string;
  /** This browser can open straight lines. */
  readonly expectsLine: boolean;
}

export interface DirectProgress {
  readonly received: number;
  readonly speed: number;
  readonly eta: number | null;
  readonly route: Route | null;
  /** The sender's: what the other one lacks, as far as they said. */
  readonly missing: readonly Range[];
  readonly change: Change | null;
  /** Chunks that came wrong and were asked for again. */
  readonly refused: number;
}

/** What it hears from there. */
export type FromDirectWorker =
  | { readonly say: "ticket"; readonly id: string }
  | { readonly say: "digests"; readonly id: string; readonly fileId: FileId }
  /** So much of it outlives this page. */
  | { readonly say: "kept"; readonly id: string; readonly digests: StoredDigests }
  | { readonly say: "signal"; readonly id: string; readonly data: object }
  | { readonly say: "progress"; readonly id: string; readonly progress: DirectProgress }
  /** The other one is at the relay, or has left it. */
  | { readonly say: "peer"; readonly id: string; readonly isThere: boolean }
  | { readonly say: "sealed"; readonly id: string; readonly fingerprint: string }
  | { readonly say: "ended"; readonly id: string; readonly outcome: DirectOutcome };

export type DirectOutcome =
  /** Every byte is where it should be; `isSame` when the sender says the same of the whole, null when they said nothing of it. */
  | { readonly kind: "received"; readonly root: string; readonly isSame: true | null }
  | { readonly kind: "done" | "cancel" | "elsewhere" | "gone" }
  | { readonly kind: "failed"; readonly problem: PlainProblem };
