import { createHash } from "node:crypto";
import type { ApiRequest } from "../../src/core/api/send";
import type { Person, Transfer } from "../../src/core/api/types";
import { realClock } from "../../src/core/clock";
import { createDirects } from "../../src/core/direct/desk";
import type { DirectDesk } from "../../src/core/direct/ports";
import type { Role } from "../../src/core/direct/sealing";
import { createDirectWorkshop } from "../../src/core/direct/workshop";
import type { ToDirectWorker } from "../../src/core/direct/words";
import type { Hub } from "../../src/core/live/hub";
import type { SendChunk } from "../../src/core/upload/run";
import { createWorkshop } from "../../src/core/upload/workshop";
import { Problem } from "../../src/core/problem";
import { memoryRecords, type Records } from "../../src/core/storage/records";
import { FakeSocket, Meeting } from "./meeting";

const person = (id: string): Person => ({ id, username: id, name: id, avatar_url: null }) as Person;
const digest = async (bytes: ArrayBuffer): Promise<ArrayBuffer> => Uint8Array.from(createHash("sha256").update(new Uint8Array(bytes)).digest()).buffer;

/** A server with one transfer between ana and ben, and what their pages hear of it. */
export class Town {
  readonly meeting = new Meeting();
  transfer: Transfer | null = null;
  readonly #ears: Partial<Record<string, (events: { kind: "other"; frame: object }[]) => void>> = {};
  readonly records: Record<string, Records> = { ana: memoryRecords(), ben: memoryRecords() };
  /** What ben's page wrote, and whether it was closed. */
  written = new Uint8Array(0);
  isClosed = false;
  isDropped = false;
  /** Chunks that the server has, in the order in which they came; and whether it takes more. */
  readonly stored = new Map<number, Uint8Array<ArrayBuffer>>();
  takesChunk: (index: number) => Promise<void> = async () => {};
  isStoredWhole = false;
  /** What ben's worker asked of the stored file. */
  readonly fetched: number[] = [];
  readonly calls: string[] = [];

  /** A page of this person; an earlier one of theirs hears nothing any more. */
  open(me: "ana" | "ben"): DirectDesk {
    const role: Role = me === "ana" ? "sender" : "receiver";
    const hub = {
      api: (request: ApiRequest) => this.#answer(me, request), clock: realClock, me: { id: me },
      say: (frame: { to: string; data: object; transfer_id: string }) => this.#tell(frame.to, { type: "signal", from: me, transfer_id: frame.transfer_id, data: frame.data }),
      on: (hear: (events: { kind: "other"; frame: object }[]) => void) => void (this.#ears[me] = hear),
    } as unknown as Hub;
    let id = 0;
    return createDirects(hub, {
      records: this.records[me]!, locks: null, newId: () => `${me}-${++id}`, socketBase: "ws://server", makePeer: null, canSeal: false, digest,
      mayWrite: async () => true,
      uploader: (hear) => {
        const take = createWorkshop({ clock: realClock, digest, send: (chunk) => this.#store(chunk), say: (word) => queueMicrotask(() => hear(word)) });
        return { post: (word) => take(word) };
      },
      worker: (hear) => {
        const take = createDirectWorkshop({
          clock: realClock, digest, subtle: null, fill: () => {}, openSocket: () => new FakeSocket(this.meeting, role), say: (word) => queueMicrotask(() => hear(word)),
          openSink: async (_, again) => {
            if (!again) this.written = new Uint8Array(this.transfer!.size);
            return {
              write: async (at, bytes) => this.written.set(bytes, at), close: async () => void (this.isClosed = true), abort: async () => void (this.isDropped = true),
              keep: async () => true, read: async (at, length) => this.written.slice(at, at + length),
            };
          },
          fetch: (_, from, to) => this.#fetch(from, to),
        });
        return { post: (word: ToDirectWorker) => take(word) };
      },
      makePort: () => { throw new Error("There are no lines here."); },
      openHandle: async () => null, hand: async () => {}, sweep: async () => {}, keepAwake: () => {},
    });
  }

  async #store({ index, body }: Parameters<SendChunk>[0]): Promise<void> {
    await this.takesChunk(index);
    if (this.transfer!.state === "done") throw new Problem(404, "not_found");
    this.stored.set(index, new Uint8Array(await body.arrayBuffer()));
  }

  async #fetch(from: number, to: number): Promise<AsyncIterable<Uint8Array>> {
    const { chunk_size: size, total_chunks: total } = this.transfer!;
    const file = Buffer.concat(Array.from({ length: total }, (_, i) => this.stored.get(i) ?? new Uint8Array(size)));
    for (let i = from / size; i * size <= to; i++) this.fetched.push(i);
    return (async function* () {
      // As a network cuts it: at places that mean nothing.
      for (let at = from; at <= to; at += 77_777) yield file.subarray(at, Math.min(at + 77_777, to + 1));
    })();
  }

  #received(): number[][] {
    return [...this.stored.keys()].map((index) => [index, index]);
  }

  /** The page of this person is closed. */
  leave(me: "ana" | "ben", desk: DirectDesk): void {
    delete this.#ears[me];
    desk.stop();
  }

  #tell(to: string, frame: object): void {
    queueMicrotask(() => this.#ears[to]?.([{ kind: "other", frame: structuredClone(frame) }]));
  }

  #move(state: Transfer["state"], type: string): Transfer {
    this.transfer = { ...this.transfer!, state };
    for (const to of ["ana", "ben"]) this.#tell(to, { type, transfer_id: this.transfer.id, transfer: this.transfer });
    return this.transfer;
  }

  async #answer(me: string, { path, body }: ApiRequest): Promise<unknown> {
    const what = path.split("?")[0]!.split("/").at(-1)!;
    this.calls.push(`${me} ${what}`);
    switch (what) {
      case "initiate": {
        const { filename, size, mime, chunk_size: chunk } = body as { filename: string; size: number; mime: string; chunk_size: number };
        this.transfer = {
          id: "one", sender: person("ana"), receiver: person("ben"), filename, size, mime, chunk_size: chunk, total_chunks: Math.ceil(size / chunk), state: "offered",
          created_at: "2026-11-21T10:00:00.000Z", expires_at: "2026-11-22T10:00:00.000Z", ended_at: null, file_id: null, sender_ws_url: "", receiver_ws_url: "",
        } as unknown as Transfer;
        return { transfer: this.#move("offered", "transfer.offer"), transfer_id: "one" };
      }
      case "accept":
        return this.#move("accepted", "transfer.accepted");
      case "reject":
        return this.#move("rejected", "transfer.rejected");
      case "cancel":
        return this.#move("cancelled", "transfer.failed");
      case "done":
        return this.#move("done", "transfer.done");
      case "history":
        return { items: this.transfer ? [this.transfer] : [], next_cursor: null };
      case "ws-ticket":
        return { ticket: me };
      case "store":
        if (this.transfer!.file_id === null) {
          this.transfer = { ...this.transfer!, file_id: "file" };
          this.#move(this.transfer.state, "transfer.stored");
        }
        return {
          upload_id: "file", file_id: "file", upload_token: "t", chunk_size: this.transfer!.chunk_size, total_chunks: this.transfer!.total_chunks,
          max_parallel: 2, received: this.#received(), expires_at: this.transfer!.expires_at,
        };
      case "status":
        return { received: this.#received(), state: this.isStoredWhole ? "ready" : "uploading", upload_token: "t" };
      case "complete":
        if (this.stored.size < this.transfer!.total_chunks) throw new Problem(409, "chunks_missing");
        this.isStoredWhole = true;
        return {};
      case "meta":
        return { state: this.isStoredWhole ? "ready" : "uploading" };
      case "chunks":
        return {
          chunk_size: this.transfer!.chunk_size,
          sha256: Array.from({ length: this.transfer!.total_chunks }, (_, i) => {
            const bytes = this.stored.get(i);
            return bytes ? createHash("sha256").update(bytes).digest("hex") : null;
          }),
        };
      case "progress":
        return undefined;
      case "one":
        return this.transfer;
      default:
        throw new Problem(404, "not_found");
    }
  }
}
