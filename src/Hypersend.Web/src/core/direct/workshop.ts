import type { FileId } from "../api/types";
import type { Clock } from "../clock";
import { Problem } from "../problem";
import { Meter } from "../upload/meter";
import type { StoredDigests } from "../upload/plan";
import { plain } from "../upload/workshop";
import { Grid } from "./grid";
import type { End } from "./line";
import { openPortLine } from "./portLine";
import { Pull } from "./pull";
import { Relay, type RelaySocket } from "./relay";
import { SealKeys, type Role } from "./sealing";
import type { Sink } from "./sink";
import type { SinkWish } from "./sinks";
import { StoredLine } from "./storedLine";
import { Supply, type Digest } from "./supply";
import type { DirectJob, DirectOutcome, DirectProgress, FromDirectWorker, ToDirectWorker } from "./words";

export interface DirectWorkshopPorts {
  readonly clock: Clock;
  readonly digest: Digest;
  /** Null on plain http from another machine: then nothing can be sealed. */
  readonly subtle: SubtleCrypto | null;
  readonly fill: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly openSocket: (url: string) => RelaySocket;
  readonly openSink: (wish: SinkWish, again: boolean) => Promise<Sink>;
  /** Bytes of a stored file, both ends included; null when there is none any more. */
  readonly fetch: (file: FileId, from: number, to: number, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array> | null>;
  readonly say: (word: FromDirectWorker) => void;
}

interface Run {
  readonly end: End;
  readonly relay: Relay;
  readonly keys: SealKeys | null;
  readonly progress: () => DirectProgress;
  readonly pause: (on: boolean) => void;
  readonly noLine: () => void;
  readonly rest: () => void;
  readonly stop: () => void;
  readonly takeStored: () => void;
  readonly discard: () => void;
  closeLine: (() => void) | null;
  stored: { readonly fileId: FileId; readonly line: StoredLine } | null;
}

const tellEveryMs = 250;
const keepEveryMs = 1_000;

/** The worker's side of direct transfers: their bytes, digests and the way through the relay. */
export function createDirectWorkshop(ports: DirectWorkshopPorts): (word: ToDirectWorker) => void {
  const { clock, say } = ports;
  const runs = new Map<string, Run>();
  const tickets = new Map<string, (ticket: string | null) => void>();
  const digests = new Map<string, (said: readonly (string | null)[] | null | "lost") => void>();
  const beginnings = new Map<string, object>();
  /** Stored files that were heard of, perhaps before there was a run to take them. */
  const storedFiles = new Map<string, FileId>();

  function endRun(id: string, outcome: DirectOutcome | null): void {
    const run = runs.get(id);
    if (!run) return;
    runs.delete(id);
    say({ say: "progress", id, progress: run.progress() });
    run.stop();
    run.relay.stop();
    run.closeLine?.();
    run.stored?.line.stop();
    digests.get(id)?.("lost");
    digests.delete(id);
    if (outcome) say({ say: "ended", id, outcome });
  }

  const failed = (id: string) => (problem: Problem): void => endRun(id, { kind: "failed", problem: plain(problem) });

  function open(id: string, role: Role, job: DirectJob, end: End, rest: Pick<Run, "progress" | "pause" | "noLine" | "rest" | "stop" | "discard">, over: (how: "done" | "cancel" | "elsewhere" | "gone") => void): void {
    const signal = (data: object): void => say({ say: "signal", id, data });
    const keys = ports.subtle && new SealKeys(id, role, {
      subtle: ports.subtle, clock, fill: ports.fill, say: signal,
      came: () => relay.sealed(),
    });
    const relay = new Relay(end, {
      clock, role, total: job.total, keys, over,
      open: () => ports.openSocket(job.url),
      ticket: () =>
        new Promise((resolve) => {
          tickets.set(id, resolve);
          say({ say: "ticket", id });
        }),
      peer: (isThere) => say({ say: "peer", id, isThere }),
      seals: ({ fingerprint }) => say({ say: "sealed", id, fingerprint }),
    });
    const takesStored = role === "receiver" ? () => takeStored(id, gridOf(job)) : () => {};
    runs.set(id, { end, relay, keys, ...rest, takeStored: takesStored, closeLine: null, stored: null });
    relay.start();
    runs.get(id)!.takeStored();
    tell(id);
  }

  /** What lies on the server is one more line. */
  function takeStored(id: string, grid: Grid): void {
    const run = runs.get(id);
    const fileId = storedFiles.get(id);
    if (!run || fileId === undefined || run.stored?.fileId === fileId) return;
    run.stored?.line.stop();
    const line = new StoredLine(run.end, grid, {
      clock, rest: () => say({ say: "signal", id, data: { kind: "rest" } }), fetch: (from, to, signal) => ports.fetch(fileId, from, to, signal),
      digests: async () => {
        const said = await new Promise<readonly (string | null)[] | null | "lost">((resolve) => {
          digests.set(id, resolve);
          say({ say: "digests", id, fileId });
        });
        if (said === "lost") throw new Problem(0, "offline");
        return said;
      },
    });
    run.stored = { fileId, line };
  }

  function tellOnce(id: string): boolean {
    const run = runs.get(id);
    if (run) say({ say: "progress", id, progress: run.progress() });
    return run !== undefined;
  }

  function tell(id: string): void {
    if (!tellOnce(id)) return;
    clock.after(tellEveryMs, () => tell(id));
  }

  function send(id: string, job: DirectJob, file: Blob): void {
    const meter = new Meter();
    let counted = 0;
    const supply = new Supply(file, gridOf(job), {
      digest: ports.digest, clock, failed: failed(id),
      moved: () => {
        if (supply.gotBytes > counted) meter.passed(supply.gotBytes - counted, clock.now());
        counted = supply.gotBytes;
      },
    });
    open(id, "sender", job, supply, {
      progress: () => ({
        received: supply.gotBytes, speed: meter.speed(clock.now()), eta: meter.eta(job.size - supply.gotBytes, clock.now()),
        route: supply.line?.route ?? null, missing: supply.got.missing(), change: null, refused: 0,
      }),
      pause: (on) => supply.pause(on), noLine: () => {}, rest: () => supply.rest(), stop: () => supply.stop(), discard: () => {},
    }, (how) => endRun(id, { kind: how }));
  }

  async function receive(id: string, job: DirectJob, wish: SinkWish, kept: StoredDigests | null): Promise<void> {
    const grid = gridOf(job);
    const beginning = {};
    let sink: Sink;
    let restored: StoredDigests | null;
    beginnings.set(id, beginning);
    try {
      sink = await ports.openSink(wish, kept !== null);
      restored = kept && (await rightOf(kept, grid, sink, ports.digest));
    } catch (error) {
      beginnings.delete(id);
      return say({ say: "ended", id, outcome: { kind: "failed", problem: plain(new Problem(507, "not_saved", { detail: String(error) })) } });
    }
    // Stopped, or begun once more, while it was opened.
    if (beginnings.get(id) !== beginning) return void sink.abort().catch(() => {});
    beginnings.delete(id);
    let isWhole = false;
    const pull = new Pull(grid, sink, {
      digest: ports.digest, clock, moved: () => {}, failed: failed(id),
      done: (what) => {
        isWhole = true;
        tellOnce(id);
        // The relay stays: the last word has to get through, and the page ends it when the server knows.
        say({ say: "ended", id, outcome: { kind: "received", ...what } });
      },
    }, job.expectsLine);
    if (restored) pull.restore(restored);
    const drop = (): void => {
      pull.stop();
      if (!isWhole) sink.abort().catch(() => {});
    };
    open(id, "receiver", job, pull, {
      progress: () => ({
        received: pull.received, speed: pull.speed(), eta: pull.eta(), route: pull.line?.route ?? null, missing: [], change: pull.change, refused: pull.refused,
      }),
      pause: (on) => pull.pause(on), noLine: () => pull.noDirect(), rest: () => {}, stop: drop, discard: () => void (isWhole = false),
    }, (how) => {
      // With the last chunk the relay says that it is done, perhaps before this side has put its own things in order.
      if (how !== "done" || !pull.verified.isWhole) endRun(id, { kind: how });
    });
    keepOn(id, pull, sink, pull.verified.count);
  }

  /** Writes down now and then what would outlive this page. */
  function keepOn(id: string, pull: Pull, sink: Sink, told: number): void {
    if (!sink.keep) return;
    clock.after(keepEveryMs, () => {
      if (runs.get(id)?.end !== pull || pull.verified.isWhole) return;
      const [digests, count] = [pull.kept(), pull.verified.count];
      const keeping = count > told ? sink.keep!() : Promise.resolve(false);
      keeping.then((isKept) => {
        if (isKept && runs.get(id)?.end === pull) say({ say: "kept", id, digests });
        keepOn(id, pull, sink, isKept ? count : told);
        // A place that takes nothing any more says so when it is written to.
      }, () => {});
    });
  }

  return (word) => {
    const run = runs.get(word.id);
    switch (word.do) {
      case "send":
        endRun(word.id, null);
        return send(word.id, word.job, word.file);
      case "receive":
        endRun(word.id, null);
        return void receive(word.id, word.job, word.sink, word.kept);
      case "line":
        if (!run) return word.port.close();
        run.closeLine?.();
        run.closeLine = openPortLine(word.port, run.end).close;
        return;
      case "no-line":
        return run?.noLine();
      case "stored":
        storedFiles.set(word.id, word.fileId);
        return run?.takeStored();
      case "digests":
        digests.get(word.id)?.(word.digests);
        digests.delete(word.id);
        return;
      case "ticket":
        tickets.get(word.id)?.(word.ticket);
        tickets.delete(word.id);
        return;
      case "signal":
        if ((word.data as { kind?: unknown }).kind === "seal.key") void run?.keys?.heard(word.data);
        if ((word.data as { kind?: unknown }).kind === "rest") run?.rest();
        return;
      case "pause":
        return run?.pause(word.on);
      case "discard":
        return run?.discard();
      case "stop":
        storedFiles.delete(word.id);
        beginnings.delete(word.id);
        return endRun(word.id, null);
    }
  };
}

const gridOf = ({ size, chunkSize, total }: DirectJob): Grid => new Grid(size, chunkSize, total);

/** What of an earlier page's is what it was: nothing counts as there that was not read and hashed once more. */
async function rightOf(kept: StoredDigests, grid: Grid, sink: Sink, digest: Digest): Promise<StoredDigests | null> {
  if (!sink.read || kept.known.length !== grid.total || kept.bytes.length !== grid.total * 32) return null;
  const known = new Uint8Array(grid.total);
  for (let i = 0; i < grid.total; i++) {
    if (!kept.known[i]) continue;
    const bytes = await sink.read(grid.startOf(i), grid.lengthOf(i));
    if (bytes.length !== grid.lengthOf(i)) continue;
    const found = new Uint8Array(await digest(bytes.slice().buffer));
    if (found.every((byte, at) => kept.bytes[i * 32 + at] === byte)) known[i] = 1;
  }
  return { bytes: kept.bytes, known };
}
