import type { Job, Progress, RunStatus } from "./run";

/** What the page tells the worker that sends. */
export type ToWorker =
  | { readonly do: "start"; readonly id: string; readonly file: Blob; readonly job: Job }
  | { readonly do: "stop"; readonly id: string }
  | { readonly do: "nudge" }
  | { readonly do: "status"; readonly id: string; readonly status: RunStatus | null; readonly problem: PlainProblem | null };

/** What it hears from there. */
export type FromWorker =
  | { readonly say: "progress"; readonly id: string; readonly progress: Omit<Progress, "waiting"> & { readonly waiting: PlainProblem | null } }
  | { readonly say: "ask"; readonly id: string }
  | { readonly say: "ended"; readonly id: string; readonly outcome: RunOutcome };

export type RunOutcome =
  | { readonly kind: "sent"; readonly root: string | null }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly problem: PlainProblem };

export interface PlainProblem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly hint: string;
}
