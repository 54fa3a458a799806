import type { CompletedUpload, FileId, Upload, UploadStatus } from "./api/types";
import type { Hub } from "./live/hub";
import { Backoff } from "./live/backoff";
import { pause } from "./clock";
import type { TransferState } from "./model";
import { asProblem, Problem } from "./problem";
import { Board } from "./transfers/board";
import { Cancels } from "./transfers/cancels";
import type { Carried, TransferDesk, TransfersPorts } from "./transfers/ports";
import { followRefusals } from "./transfers/refusals";
import { bytesOf, initOf, isSame, mostKeptBytes, newStored, printsOf, type BegunUpload, type StoredTransfer } from "./transfers/stored";
import { sendThumbnail } from "./transfers/thumbnail";
import type { TransferWord } from "./transfers/words";
import { plain, revived } from "./upload/workshop";
import type { FromWorker, RunOutcome, ToWorker } from "./upload/words";

/** More beside each other only share the line, and the first would come later. */
const filesAtOnce = 2;
const mostRounds = 4;

export function createTransfers(hub: Hub, ports: TransfersPorts): TransferDesk {
  const { records, locks, digest } = ports;
  const board = new Board(hub, ports.keepAwake);
  const carried = new Map<string, Carried>();
  const cancels = new Cancels(hub, records);
  const refusals = followRefusals(hub, board, carried);
  const queue: string[] = [];
  const running = new Set<string>();
  const early = new Map<string, BegunUpload>();
  /** Given up before its upload had begun: it is ended as soon as it has. */
  const unwanted = new Set<string>();
  let adopting: Promise<void> | null = null;
  let worker: { post(word: ToWorker): void } | null = null;

  const at = (id: FileId, rest = ""): string => `/files/${encodeURIComponent(id)}${rest}`;
  const show: Board["show"] = (id, change) => board.show(id, change);

  function add(stored: StoredTransfer, state: TransferState): void {
    const { id, chatId, card, upload, startedAt } = stored;
    board.add({
      id, kind: "upload", chatId, fileId: upload?.uploadId ?? null, card, state, received: 0, speed: 0, eta: null, verified: false,
      canVerify: digest !== null, problem: null, elsewhere: false, startedAt,
    });
  }

  const save = (item: Carried, change: Partial<StoredTransfer>): void => {
    item.stored = { ...item.stored, ...change };
    void records.put("transfers", [[item.stored.id, { ...item.stored, card: { ...item.stored.card, preview: null } }]]);
  };

  function forget(id: string): void {
    carried.get(id)?.release?.();
    carried.delete(id);
    running.delete(id);
    void records.remove("transfers", id);
    void records.remove("files", id);
  }

  // ---- one after the other

  function enqueue(id: string): void {
    const item = carried.get(id);
    if (!item?.stored.upload || !item.file) return;
    if (running.has(id)) {
      // Its last run has not come to its end yet.
      item.again = true;
      return;
    }
    if (!queue.includes(id)) queue.push(id);
    show(id, { state: "waiting", problem: null, fileId: item.stored.upload.uploadId });
    advance();
  }

  function advance(): void {
    while (running.size < filesAtOnce) {
      const id = queue.shift();
      if (id === undefined) return;
      running.add(id);
      void run(id);
    }
  }

  async function run(id: string): Promise<void> {
    const item = carried.get(id);
    if (!item?.stored.upload || !item.file) return ended(id);
    if (!item.release && locks) {
      item.release = await locks.tryHold(lockOf(id));
      if (!item.release) {
        // Another tab carries it already.
        show(id, { state: "waiting", elsewhere: true });
        return ended(id);
      }
    }
    // Paused or cancelled while the lock was asked for.
    if (!carried.has(id) || item.stored.paused) return ended(id);
    show(id, { state: "running", elsewhere: false, problem: null });
    void sendThumbnail(hub.api, item);
    const { uploadId, token, chunkSize, received, lanes } = item.stored.upload;
    worker ??= ports.worker(heard);
    worker.post({ do: "start", id, file: item.file, job: { uploadId, token, chunkSize, received, lanes, digests: item.stored.digests } });
  }

  function ended(id: string): void {
    running.delete(id);
    const item = carried.get(id);
    const again = item?.again && !item.stored.paused;
    if (item) item.again = false;
    if (again) enqueue(id);
    advance();
  }

  function heard(word: FromWorker): void {
    const item = carried.get(word.id);
    switch (word.say) {
      case "progress": {
        const state = board.stateOf(word.id);
        if (!item || (state !== "running" && state !== "paused")) return;
        const { received, speed, eta, waiting, digests } = word.progress;
        if (digests) save(item, { digests });
        // What was on the line when it was let go did not arrive, and has to go once more.
        if (state === "paused") return show(word.id, { received });
        return show(word.id, { received: waiting ? Math.max(received, board.receivedOf(word.id)) : received, speed, eta, problem: waiting && revived(waiting) });
      }
      case "ask":
        return void askStatus(word.id);
      case "ended":
        return void after(word.id, word.outcome);
    }
  }

  async function askStatus(id: string): Promise<void> {
    try {
      worker?.post({ do: "status", id, status: await statusOf(id), problem: null });
    } catch (error) {
      worker?.post({ do: "status", id, status: null, problem: plain(asProblem(error)) });
    }
  }

  /** Asked with the session, so that it brings a new token as well. */
  async function statusOf(id: string) {
    const item = carried.get(id);
    if (!item?.stored.upload) throw new Problem(404, "not_found");
    const status = await hub.api<UploadStatus>({ path: at(item.stored.upload.uploadId, "/status") });
    const token = status.upload_token ?? item.stored.upload.token;
    save(item, { upload: { ...item.stored.upload, token, received: status.received } });
    return { received: status.received, token, state: status.state };
  }

  async function after(id: string, outcome: RunOutcome): Promise<void> {
    const item = carried.get(id);
    if (outcome.kind === "stopped" || !item) return ended(id);
    if (outcome.kind === "failed") {
      show(id, { state: "failed", speed: 0, eta: null, problem: revived(outcome.problem) });
      save(item, { paused: true });
      return ended(id);
    }
    show(id, { state: "verifying", received: item.stored.card.size, speed: 0, eta: null });
    if (await complete(id, item, outcome.root)) item.again = true;
    ended(id);
  }

  /** Answers whether there is something to send once more. */
  async function complete(id: string, item: Carried, root: string | null): Promise<boolean> {
    const backoff = new Backoff(hub.clock, 1_000, 30_000);
    while (carried.has(id)) {
      try {
        await sendThumbnail(hub.api, item);
        const uploadId = item.stored.upload!.uploadId;
        const done = await hub.api<CompletedUpload>({ method: "POST", path: at(uploadId, "/complete"), body: root ? { sha256_root: root } : {} });
        forget(id);
        show(id, { state: "done", verified: root !== null && done.sha256_root === root, problem: null });
        return false;
      } catch (error) {
        const problem = asProblem(error);
        if (problem.isTransient && problem.status !== 507) {
          show(id, { problem });
          await pause(hub.clock, Math.max(backoff.next(), problem.retryAfter * 1000));
        } else if (["chunks_missing", "checksum_mismatch"].includes(problem.code) && ++item.rounds < mostRounds) {
          // What was said to be there was not, or is not what it was: it is looked at once more.
          await statusOf(id).catch(() => {});
          if (problem.code === "checksum_mismatch") save(item, { digests: null });
          return true;
        } else {
          show(id, { state: "failed", problem });
          save(item, { paused: true });
          return false;
        }
      }
    }
    return false;
  }

  function begun(id: string, upload: BegunUpload): void {
    const item = carried.get(id);
    // Nobody looks at it any more, so nobody could do anything about a refusal.
    if (unwanted.delete(id)) return void cancels.send(upload.uploadId).catch(() => {});
    if (!item) {
      early.set(id, upload);
      return;
    }
    save(item, { upload });
    show(id, { fileId: upload.uploadId });
    if (!item.stored.paused) enqueue(id);
  }

  // ---- what people do

  function stop(id: string): void {
    const i = queue.indexOf(id);
    if (i >= 0) queue.splice(i, 1);
    worker?.post({ do: "stop", id });
  }

  const elsewhere = (id: string, what: "pause" | "resume" | "cancel"): boolean => {
    if (carried.has(id)) return false;
    board.tell({ kind: "ask", id, what });
    return true;
  };

  function pauseOne(id: string): void {
    const item = carried.get(id);
    if (!item) return void elsewhere(id, "pause");
    save(item, { paused: true });
    stop(id);
    show(id, { state: "paused", speed: 0, eta: null });
  }

  async function resumeOne(id: string): Promise<void> {
    const item = carried.get(id);
    if (!item) return void elsewhere(id, "resume");
    save(item, { paused: false });
    item.rounds = 0;
    if (!item.file && item.stored.handle) {
      const file = await ports.openHandle(item.stored.handle, true);
      if (file && (await isSame(item.stored, file, digest))) item.file = file;
    }
    if (!item.file) return show(id, { state: "needs-file" });
    if (item.stored.upload) enqueue(id);
    else {
      hub.retry(id);
      show(id, { state: "waiting", problem: null });
    }
  }

  async function cancelOne(id: string): Promise<void> {
    const item = carried.get(id);
    if (!item) return void elsewhere(id, "cancel");
    stop(id);
    const uploadId = item.stored.upload?.uploadId;
    const wasRunning = running.has(id);
    forget(id);
    show(id, { state: "cancelled", speed: 0, eta: null, problem: null });
    if (wasRunning) advance();
    if (!uploadId) {
      unwanted.add(id);
      return hub.discard(id);
    }
    await cancels.send(uploadId);
  }

  /** What an earlier page left, and what no other tab carries. */
  async function adopt(): Promise<void> {
    board.tell({ kind: "who" });
    for (const stored of (await records.all("transfers")) as StoredTransfer[]) {
      if (carried.has(stored.id)) continue;
      const release = locks ? await locks.tryHold(lockOf(stored.id)) : null;
      // Another tab carries it, and has said so or will.
      if (locks && !release) continue;
      const kept = (await records.get("files", stored.id)) as Blob | undefined;
      const opened = kept ?? (stored.handle ? await ports.openHandle(stored.handle, false) : null);
      const file = kept || (opened && (await isSame(stored, opened as File, digest))) ? opened : null;
      const upload = stored.upload ?? early.get(stored.id) ?? null;
      const item: Carried = { stored: { ...stored, upload }, file, thumbnail: null, release, rounds: 0, again: false };
      carried.set(stored.id, item);
      // What cannot go on by itself says so at once, paused or not.
      add(item.stored, !file && !stored.handle ? "needs-file" : stored.paused ? "paused" : file ? "waiting" : "needs-file");
      refusals.look();
      if (upload) await statusOf(stored.id).then(
        (status) => show(stored.id, { received: bytesOf(status.received, upload.chunkSize, stored.card.size) }),
        (error: unknown) => {
          // It is no more: cancelled on another device, or its time was over.
          if (error instanceof Problem && (error.status === 404 || error.status === 410)) {
            forget(stored.id);
            show(stored.id, { state: "cancelled" });
          }
        },
      );
      if (file && !stored.paused && carried.has(stored.id)) enqueue(stored.id);
    }
  }

  hub.onTransfer((body) => {
    const word = body as TransferWord;
    switch (word.kind) {
      case "begun":
        return begun(word.id, word.upload);
      case "ask":
        if (!carried.has(word.id)) return;
        if (word.what === "pause") pauseOne(word.id);
        // Nobody looks at this tab, so what cannot be done shows on the transfer itself.
        else void (word.what === "resume" ? resumeOne(word.id) : cancelOne(word.id)).catch((error: unknown) => show(word.id, { problem: asProblem(error) }));
        return;
      default:
        return board.heard(word);
    }
  });

  hub.on((events) => {
    for (const event of events) {
      if (event.kind !== "file" || (event.file.type !== "file.removed" && event.file.type !== "file.failed")) continue;
      for (const [id, item] of carried) {
        if (item.stored.upload?.uploadId !== event.file.file_id) continue;
        // Cancelled on another device, or its time was over.
        stop(id);
        forget(id);
        show(id, { state: "cancelled", speed: 0, eta: null });
        advance();
      }
    }
  });

  return {
    transfers: board.all,
    active: board.active,
    transfer: (id) => board.view(id),
    ofFile: (id) => board.ofFile(id),
    pause: pauseOne,
    resume: (id) => void resumeOne(id).catch((error: unknown) => show(id, { state: "failed", problem: asProblem(error) })),
    cancel: cancelOne,
    async give(id, file, handle = null) {
      const item = carried.get(id);
      if (!item) throw new Problem(404, "not_found");
      if (!(await isSame(item.stored, file, digest))) throw new Problem(409, "other_file");
      item.file = file;
      save(item, { paused: false, handle });
      enqueue(id);
    },
    // What never began is still to be decided upon, beside its message.
    clear: () => board.clear((id) => carried.get(id)?.stored.upload === null).forEach(forget),
    keep(entry, toSend) {
      const { file } = toSend;
      const stored = newStored(entry, toSend);
      const item: Carried = { stored, file, thumbnail: toSend.thumbnail ?? null, release: null, rounds: 0, again: false };
      carried.set(entry.id, item);
      add(stored, "waiting");
      save(item, {});
      // From now on no other tab takes it for one that was left behind.
      void locks?.tryHold(lockOf(entry.id)).then((release) => {
        if (carried.get(entry.id) === item) item.release = release;
        else release?.();
      });
      if (!toSend.handle && file.size <= mostKeptBytes) void records.put("files", [[entry.id, file]]);
      // Unreadable already: the upload itself will say so.
      printsOf(file, digest).then((prints) => carried.has(entry.id) && save(item, { prints }), () => {});
    },
    drop(id) {
      if (!carried.has(id)) return;
      if (!carried.get(id)!.stored.upload) unwanted.add(id);
      stop(id);
      forget(id);
      board.remove(id);
    },
    async begin(entry) {
      try {
        const upload = await hub.api<Upload>({ method: "POST", path: "/files/init", body: initOf(entry) });
        const { upload_id: uploadId, upload_token: token, chunk_size: chunkSize, max_parallel: lanes, received } = upload;
        const made: BegunUpload = { uploadId, token, chunkSize, lanes, received };
        hub.errandDone(entry, upload.message ?? null);
        board.tell({ kind: "begun", id: entry.id, upload: made });
        const stored = carried.has(entry.id) ? undefined : ((await records.get("transfers", entry.id)) as StoredTransfer | undefined);
        if (stored) await records.put("transfers", [[entry.id, { ...stored, upload: made }]]);
        begun(entry.id, made);
      } catch (error) {
        hub.errandRefused(entry, asProblem(error));
      }
    },
    start: () => (adopting ??= adopt().finally(() => (adopting = null))),
    nudge: () => worker?.post({ do: "nudge" }),
    stop() {
      refusals.stop();
      cancels.stop();
      for (const [id, item] of carried) {
        stop(id);
        item.release?.();
      }
      carried.clear();
      ports.keepAwake(false);
    },
  };
}

const lockOf = (id: string): string => `hypersend.upload.${id}`;
