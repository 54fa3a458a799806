import type { ApiRequest } from "../../src/core/api/send";
import type { Transfer } from "../../src/core/model";
import { Problem } from "../../src/core/problem";
import { memoryRecords } from "../../src/core/storage/records";
import { createWorkshop } from "../../src/core/upload/workshop";
import { FakeServer, ManualClock, openTab, settle, type Tab } from "../live/world";
import { ChunkServer, sha256 } from "./chunkServer";

export const chunk = 1024;

/** A server that takes files, with the real engine where the worker would be. */
export class FileServer extends FakeServer {
  readonly uploads = new Map<string, ChunkServer & { size?: number }>();
  readonly thumbnails: Blob[] = [];
  readonly inits: Record<string, unknown>[] = [];
  root: string | null = null;
  refuseInit: Problem | null = null;
  completes = 0;
  prepare: (chunks: ChunkServer) => void = () => {};
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    super();
    this.#clock = clock;
  }

  protected override async answer(request: ApiRequest): Promise<unknown> {
    const [, kind, id, what] = request.path.split("?")[0]!.split("/");
    if (kind !== "files") return super.answer(request);
    this.calls.push(request);
    if (!this.up) throw new Problem(0, "offline");
    if (id === "init") return this.#init(request.body as Record<string, unknown>);
    const upload = this.uploads.get(id!);
    if (!upload) throw new Problem(404, "not_found");
    if (what === "status") {
      const { received, token, state } = await upload.status();
      return { received, upload_token: token, state, received_bytes: 0, size: 1, chunk_size: chunk, total_chunks: 1, expires_at: "" };
    }
    if (what === "thumbnail") return void this.thumbnails.push(request.body as Blob);
    if (what === "complete") {
      this.completes++;
      const missing = Math.ceil(upload.size! / chunk) - upload.chunks.size;
      if (missing > 0) throw new Problem(409, "chunks_missing");
      return { file_id: id, filename: "", size: 0, mime: "", status: "completed", download_url: "", sha256_root: this.root ?? upload.sha256Root };
    }
    if (request.method === "DELETE") return void this.uploads.delete(id!);
    throw new Problem(404, "not_found");
  }

  #init(body: Record<string, unknown>): object {
    this.inits.push(body);
    if (this.refuseInit) throw this.refuseInit;
    const id = `file-${String(body.client_id)}`;
    const upload: ChunkServer & { size?: number } = this.uploads.get(id) ?? new ChunkServer(this.#clock);
    upload.size = body.size as number;
    this.prepare(upload);
    this.uploads.set(id, upload);
    const message = this.say(String(body.chat_id), "ana", String(body.caption ?? ""), String(body.client_id));
    return { upload_id: id, file_id: id, upload_token: upload.token, chunk_size: chunk, total_chunks: 1, max_parallel: 4, expires_at: "", received: upload.received, message };
  }

  override worker = (clock: ManualClock) => (hear: (word: never) => void) => {
    const post = createWorkshop({ send: (one) => this.uploads.get(one.uploadId)!.send(one), digest: sha256, clock, say: (word) => hear(structuredClone(word) as never) });
    return { post: (word: Parameters<typeof post>[0]) => post(word) };
  };
}

export async function world() {
  const clock = new ManualClock();
  const server = new FileServer(clock);
  server.addChat("film", ["m1"]);
  const records = memoryRecords();
  const tab = openTab(server, clock, null, records);
  await settle();
  return { clock, server, records, tab };
}

export const only = (tab: Tab): Transfer => tab.messenger.transfers.transfers.value[0]!;
export const isDone = (tab: Tab) => (): boolean => tab.messenger.transfers.transfers.value.length > 0 && tab.messenger.transfers.transfers.value.every((one) => one.state === "done");
