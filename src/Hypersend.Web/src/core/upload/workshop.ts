import type { Clock } from "../clock";
import { asProblem, Problem } from "../problem";
import { hexOf, UploadRun, type RunStatus, type SendChunk } from "./run";
import type { FromWorker, PlainProblem, ToWorker } from "./words";

export const plain = ({ status, code, detail, hint }: Problem): PlainProblem => ({ status, code, detail, hint });
export const revived = ({ status, code, detail, hint }: PlainProblem): Problem => new Problem(status, code, { detail, hint });

export interface WorkshopPorts {
  readonly send: SendChunk;
  readonly digest: ((bytes: ArrayBuffer) => Promise<ArrayBuffer>) | null;
  readonly clock: Clock;
  readonly say: (word: FromWorker) => void;
}

/** The worker's side: runs uploads, and asks the page for what only a session can. */
export function createWorkshop({ send, digest, clock, say }: WorkshopPorts): (word: ToWorker) => void {
  const runs = new Map<string, UploadRun>();
  const asked = new Map<string, { resolve: (status: RunStatus) => void; reject: (problem: Problem) => void }>();

  async function start({ id, file, job }: ToWorker & { do: "start" }): Promise<void> {
    runs.get(id)?.stop();
    const run = new UploadRun(file, job, {
      send, digest, clock,
      status: () =>
        new Promise((resolve, reject) => {
          asked.set(id, { resolve, reject });
          say({ say: "ask", id });
        }),
      progress: (progress) => {
        if (runs.get(id) === run) say({ say: "progress", id, progress: { ...progress, waiting: progress.waiting && plain(progress.waiting) } });
      },
    });
    runs.set(id, run);
    try {
      const isDone = await run.run();
      if (runs.get(id) !== run) return;
      say({ say: "ended", id, outcome: isDone ? { kind: "sent", root: await rootOf(run) } : { kind: "stopped" } });
    } catch (error) {
      if (runs.get(id) !== run) return;
      say({ say: "ended", id, outcome: { kind: "failed", problem: plain(asProblem(error)) } });
    } finally {
      if (runs.get(id) === run) runs.delete(id);
    }
  }

  async function rootOf(run: UploadRun): Promise<string | null> {
    const input = digest && run.plan.rootInput();
    return input ? hexOf(new Uint8Array(await digest(input.slice().buffer))) : null;
  }

  return (word) => {
    switch (word.do) {
      case "start":
        return void start(word);
      case "stop":
        return runs.get(word.id)?.stop();
      case "nudge":
        for (const run of runs.values()) run.nudge();
        return;
      case "status": {
        const waiting = asked.get(word.id);
        asked.delete(word.id);
        if (word.status) waiting?.resolve(word.status);
        else waiting?.reject(revived(word.problem ?? { status: 0, code: "offline", detail: "", hint: "" }));
      }
    }
  };
}
