import type { Send } from "../api/send";
import type { CompletedUpload, FileId, SharedFile, TransferId, Upload, UploadStatus } from "../api/types";
import { pause, type Clock } from "../clock";
import { Backoff } from "../live/backoff";
import { asProblem, Problem } from "../problem";
import { plain, revived } from "../upload/workshop";
import type { FromWorker, ToWorker } from "../upload/words";
import { ChunkSet, type Range } from "./grid";
import type { StoredPart } from "./model";

export interface DepositPorts {
  readonly api: Send;
  readonly clock: Clock;
  readonly worker: (hear: (word: FromWorker) => void) => { post(word: ToWorker): void };
  readonly show: (id: TransferId, part: StoredPart) => void;
}

interface Carried {
  readonly file: Blob;
  readonly chunks: number;
  /** What the receiver lacks, as far as this page knows. */
  readonly lacks: () => readonly Range[];
  upload: Upload;
  received: readonly (readonly number[])[];
  part: StoredPart;
  paused: boolean;
  /** Some chunks were passed over because the receiver has them. */
  isPartial: boolean;
  cancelWait: () => void;
}

/** A receiver who is there has all of it soon after its last missing chunk came, and then nobody needs the rest. */
const restAfterMs = 10_000;

/** The sender's side of a transfer that goes by the server's disk: first what the receiver lacks, then the rest, until somebody says that it is done. */
export class Deposits {
  readonly #ports: DepositPorts;
  readonly #carried = new Map<TransferId, Carried>();
  #worker: { post(word: ToWorker): void } | null = null;

  constructor(ports: DepositPorts) {
    this.#ports = ports;
  }

  /** Also when it was begun earlier: the server knows what it has. */
  async begin(id: TransferId, file: Blob, chunks: number, lacks: () => readonly Range[]): Promise<void> {
    this.stop(id);
    const upload = await this.#ports.api<Upload>({ method: "POST", path: `/p2p/${encodeURIComponent(id)}/store`, body: {} });
    const part: StoredPart = { fileId: upload.file_id, state: "sending", sent: 0, speed: 0, problem: null };
    this.#carried.set(id, { file, chunks, lacks, upload, received: upload.received, part, paused: false, isPartial: false, cancelWait: () => {} });
    this.#show(id, {});
    this.#send(id);
  }

  /** Whether all of it is there, so that nobody has to send anything any more. */
  async isWhole(fileId: FileId): Promise<boolean> {
    const file = await this.#ports.api<SharedFile>({ path: `/files/${encodeURIComponent(fileId)}/meta` }).catch(() => null);
    return file?.state === "ready";
  }

  pause(id: TransferId, on: boolean): void {
    const item = this.#carried.get(id);
    if (!item || item.paused === on) return;
    item.paused = on;
    item.cancelWait();
    if (on) {
      this.#worker?.post({ do: "stop", id });
      this.#show(id, { speed: 0 });
    } else if (item.part.state === "sending") {
      void this.#again(id, item);
    }
  }

  stop(id: TransferId): void {
    const item = this.#carried.get(id);
    if (!item) return;
    this.#carried.delete(id);
    item.cancelWait();
    this.#worker?.post({ do: "stop", id });
  }

  stopAll(): void {
    for (const id of [...this.#carried.keys()]) this.stop(id);
  }

  #send(id: TransferId): void {
    const item = this.#carried.get(id);
    if (!item || item.paused) return;
    const there = new ChunkSet(item.chunks);
    there.addAll(item.received);
    if (there.isWhole) return void this.#complete(id, item);
    const wanted = new ChunkSet(item.chunks);
    wanted.setAllBut(item.lacks());
    wanted.addAll(item.received);
    // The receiver has what the server lacks: nothing of it is pressing.
    const skips = !item.isPartial && wanted.count > there.count;
    item.isPartial = skips;
    if (skips && wanted.isWhole) return this.#wait(id, item);
    const { upload_id: uploadId, upload_token: token, chunk_size: chunkSize, max_parallel: lanes } = item.upload;
    const job = { uploadId, token, chunkSize, received: skips ? wanted.there() : item.received, digests: null, lanes, onlyMissing: true };
    (this.#worker ??= this.#ports.worker((word) => this.#heard(word))).post({ do: "start", id, file: item.file, job });
  }

  #wait(id: TransferId, item: Carried): void {
    item.cancelWait = this.#ports.clock.after(restAfterMs, () => void this.#again(id, item));
  }

  #heard(word: FromWorker): void {
    const { id } = word;
    const item = this.#carried.get(id);
    if (!item) return;
    switch (word.say) {
      case "progress": {
        const { received, speed, waiting } = word.progress;
        return this.#show(id, { sent: received, speed, problem: waiting && revived(waiting) });
      }
      case "ask":
        this.#status(id, item).then(
          ({ state }) => this.#worker?.post({ do: "status", id, status: { received: item.received, token: item.upload.upload_token, state }, problem: null }),
          (error: unknown) => this.#worker?.post({ do: "status", id, status: null, problem: plain(asProblem(error)) }),
        );
        return;
      case "ended":
        if (word.outcome.kind === "failed") return this.#fail(id, revived(word.outcome.problem));
        if (word.outcome.kind === "stopped") return;
        this.#show(id, { speed: 0, problem: null });
        if (item.isPartial) this.#wait(id, item);
        else void this.#again(id, item);
    }
  }

  async #status(id: TransferId, item: Carried): Promise<UploadStatus> {
    const status = await this.#ports.api<UploadStatus>({ path: `/files/${encodeURIComponent(item.upload.upload_id)}/status` });
    if (this.#carried.get(id) === item) {
      item.received = status.received;
      item.upload = { ...item.upload, upload_token: status.upload_token ?? item.upload.upload_token };
    }
    return status;
  }

  /** What is there is asked anew, and what is not there goes. */
  async #again(id: TransferId, item: Carried): Promise<void> {
    if (await this.#tried(id, item, () => this.#status(id, item))) this.#send(id);
  }

  async #complete(id: TransferId, item: Carried): Promise<void> {
    const path = `/files/${encodeURIComponent(item.upload.upload_id)}/complete`;
    if (await this.#tried(id, item, () => this.#ports.api<CompletedUpload>({ method: "POST", path, body: {} }))) {
      this.#show(id, { state: "whole", sent: item.file.size, speed: 0, problem: null });
      this.stop(id);
    }
  }

  /** As often as the network needs; false when it was given up meanwhile, or refused. */
  async #tried(id: TransferId, item: Carried, call: () => Promise<unknown>): Promise<boolean> {
    const backoff = new Backoff(this.#ports.clock, 1_000, 30_000);
    while (this.#carried.get(id) === item && !item.paused) {
      try {
        await call();
        return this.#carried.get(id) === item && !item.paused;
      } catch (error) {
        const problem = asProblem(error);
        if (!problem.isTransient || problem.status === 507) {
          this.#fail(id, problem);
          return false;
        }
        this.#show(id, { problem });
        await pause(this.#ports.clock, Math.max(backoff.next(), problem.retryAfter * 1000));
      }
    }
    return false;
  }

  #fail(id: TransferId, problem: Problem): void {
    this.#show(id, { state: "failed", speed: 0, problem });
    this.stop(id);
  }

  #show(id: TransferId, change: Partial<StoredPart>): void {
    const item = this.#carried.get(id);
    if (item) this.#ports.show(id, (item.part = { ...item.part, ...change }));
  }
}
