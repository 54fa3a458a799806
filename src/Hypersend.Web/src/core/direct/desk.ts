import { computed, signal } from "@preact/signals-core";
import type { FileDigests, OfferedTransfer, Transfer, UserId } from "../api/types";
import { pause } from "../clock";
import type { Hub } from "../live/hub";
import { Backoff } from "../live/backoff";
import type { Frame } from "../live/wire";
import type { FileToSend, Page } from "../model";
import { Problem } from "../problem";
import { printsOf } from "../transfers/stored";
import type { StoredDigests } from "../upload/plan";
import { revived } from "../upload/workshop";
import { Deposits } from "./deposit";
import type { Range } from "./grid";
import { LineCalls, type LineSignal } from "./lineCalls";
import type { DirectTransfer } from "./model";
import type { CarriedDirect, DirectDesk, DirectPorts } from "./ports";
import type { SinkWish } from "./sinks";
import { factOf, isEnded, isOffered, jobOf, keptBytes, lockOf, movedOf, offerOf, shownOf, type KeptDirect, type KeptPlace } from "./shown";
import type { DirectOutcome, FromDirectWorker, ToDirectWorker } from "./words";

/** Transfers from one person to another: what is offered, what runs here, and what became of it. */
export function createDirects(hub: Hub, ports: DirectPorts): DirectDesk {
  const all = signal<ReadonlyMap<string, DirectTransfer>>(new Map());
  const carried = new Map<string, CarriedDirect>();
  /** Offered from this page: the files wait for an answer. */
  const files = new Map<string, Blob>();
  /** The receiver called before this page knew that they accepted. */
  const early = new Map<string, LineSignal>();
  const deposits = new Deposits({ api: hub.api, clock: hub.clock, worker: ports.uploader, show: (id, stored) => show(id, { stored }) });
  let worker: { post(word: ToDirectWorker, transfer: Transferable[]): void } | null = null;
  const post = (word: ToDirectWorker, transfer: Transferable[] = []): void => (worker ??= ports.worker(heard)).post(word, transfer);
  const me = hub.me.id;
  const at = (id: string, what = ""): string => `/p2p/${encodeURIComponent(id)}${what}`;
  const ask = (id: string, what: string): Promise<Transfer> => hub.api<Transfer>({ method: "POST", path: at(id, what) });
  const known = (id: string): DirectTransfer | undefined => all.peek().get(id);

  function put(transfer: DirectTransfer): void {
    all.value = new Map(all.peek()).set(transfer.id, transfer);
    ports.keepAwake([...all.peek().values()].some((one) => one.state === "running"));
  }

  function show(id: string, change: Partial<DirectTransfer>): void {
    const before = known(id);
    if (before) put({ ...before, ...change });
  }

  /** What the server says of it; what runs here knows better how far it is. */
  function learn(transfer: Transfer): void {
    const before = known(transfer.id);
    // Its last bytes are here, and this side is putting them in order.
    if (before?.incoming && transfer.state === "done" && carried.has(transfer.id)) return show(transfer.id, { state: "saving" });
    const now = shownOf(transfer, me, before, { carried: carried.has(transfer.id), offered: files.has(transfer.id) });
    put(now);
    if (isEnded(now)) {
      release(transfer.id);
      files.delete(transfer.id);
    }
  }

  const keep = (id: string, kept: KeptDirect): void => void ports.records.put("facts", [[factOf(id), kept]]);

  function release(id: string): void {
    const item = carried.get(id);
    carried.delete(id);
    item?.calls.stop();
    item?.release?.();
    if (item) post({ do: "stop", id });
    deposits.stop(id);
    void ports.records.remove("facts", factOf(id));
  }

  // ---- what runs here

  async function carry(id: string, begin: (calls: LineCalls) => void, sink: SinkWish | null): Promise<void> {
    const earlier = carried.get(id);
    const held = earlier ? earlier.release : ports.locks ? await ports.locks.tryHold(lockOf(id)) : null;
    const transfer = known(id);
    if (!transfer || isEnded(transfer)) return held?.();
    if (ports.locks && !held) return show(id, { state: "elsewhere" });
    earlier?.calls.stop();
    const calls = new LineCalls(transfer.incoming ? "receiver" : "sender", {
      api: hub.api, clock: hub.clock, newId: ports.newId, makePeer: ports.makePeer, makePort: ports.makePort,
      say: (word) => tell(id, word),
      up: (port) => post({ do: "line", id, port }, [port as unknown as Transferable]),
      none: () => post({ do: "no-line", id }),
    });
    const item: CarriedDirect = { calls, sink, release: held, kept: null, hasMet: false, missing: null, reportedAt: 0 };
    carried.set(id, item);
    show(id, { state: "waiting", here: true, problem: null, pausedBy: null });
    begin(calls);
    const call = early.get(id);
    if (call) calls.heard(call);
    early.delete(id);
    hub.clock.after(awayAfterMs, () => carried.get(id) === item && !item.hasMet && show(id, { peerAway: true }));
  }

  const tell = (id: string, data: object): void => {
    const transfer = known(id);
    if (transfer) hub.say({ type: "signal", to: transfer.peer.id, transfer_id: id, data });
  };

  async function send(id: string, file: Blob): Promise<void> {
    const transfer = known(id);
    if (!transfer) return;
    const job = jobOf(transfer, ports.socketBase, ports.makePeer !== null);
    await carry(id, () => post({ do: "send", id, job, file }), null);
  }

  async function receive(id: string, sink: SinkWish, digests: StoredDigests | null = null): Promise<void> {
    const transfer = known(id);
    if (!transfer) return;
    const place: KeptPlace = sink.kind === "stream" ? { kind: "stream" } : sink;
    const job = jobOf(transfer, ports.socketBase, ports.makePeer !== null);
    await carry(id, (calls) => {
      post({ do: "receive", id, job, sink, kept: digests }, sink.kind === "stream" ? [sink.port as unknown as Transferable] : []);
      if (transfer.stored) post({ do: "stored", id, fileId: transfer.stored.fileId });
      // The one who sends is told by the server, and comes to the relay; should it not be reached, a call may.
      hub.clock.after(callAnywayMs, () => calls.call());
    }, sink);
    const item = carried.get(id);
    if (item) keep(id, (item.kept = { incoming: true, handle: null, lastModified: null, prints: null, place, digests }));
  }

  function heard(word: FromDirectWorker): void {
    const { id } = word;
    const item = carried.get(id);
    const transfer = known(id);
    if (word.say === "ticket") {
      hub.api<{ ticket: string }>({ method: "POST", path: "/auth/ws-ticket" }).then(
        ({ ticket }) => post({ do: "ticket", id, ticket }),
        () => post({ do: "ticket", id, ticket: null }),
      );
      return;
    }
    if (word.say === "digests") {
      hub.api<FileDigests>({ path: `/files/${encodeURIComponent(word.fileId)}/chunks` }).then(
        ({ sha256 }) => post({ do: "digests", id, digests: sha256 }),
        (error: unknown) => post({ do: "digests", id, digests: error instanceof Problem && (error.status === 404 || error.status === 410) ? null : "lost" }),
      );
      return;
    }
    if (!item || !transfer) return;
    switch (word.say) {
      case "kept":
        if (item.kept) keep(id, (item.kept = { ...item.kept, digests: word.digests }));
        return;
      case "signal":
        return tell(id, word.data);
      case "peer":
        show(id, { peerAway: !word.isThere });
        if (!word.isThere) return;
        item.hasMet = true;
        item.calls.call();
        // Whoever comes anew has not heard of it.
        if (transfer.pausedBy === "me") tell(id, { kind: "pause", on: true });
        return;
      case "sealed":
        return show(id, { fingerprint: word.fingerprint });
      case "progress": {
        const now = movedOf(transfer, word.progress);
        item.missing = word.progress.missing;
        if (transfer.incoming && word.progress.route === "stored") report(id, item, now.received);
        return show(id, now);
      }
      case "ended":
        return void ended(transfer, item, word.outcome);
    }
  }

  /** What comes by the server's disk nobody sees but this side. */
  function report(id: string, item: CarriedDirect, received: number): void {
    const now = hub.clock.now();
    if (now - item.reportedAt < reportEveryMs) return;
    item.reportedAt = now;
    // The next one says more.
    hub.api<void>({ method: "POST", path: at(id, "/progress"), body: { received, route: "stored" } }).catch(() => {});
  }

  async function ended(transfer: DirectTransfer, item: CarriedDirect, outcome: DirectOutcome): Promise<void> {
    const { id } = transfer;
    if (outcome.kind === "failed") return failed(transfer, revived(outcome.problem));
    if (outcome.kind === "elsewhere") {
      release(id);
      return show(id, { state: "elsewhere", here: false, speed: 0, eta: null });
    }
    if (outcome.kind !== "received") {
      // How it ended the server knows.
      release(id);
      return void hub.api<Transfer>({ path: at(id) }).then(learn, () => show(id, { state: outcome.kind === "done" ? "done" : "cancelled" }));
    }
    show(id, { state: "saving", received: transfer.card.size, speed: 0, eta: null });
    const hand = async (): Promise<void> => (item.sink?.kind === "private" ? ports.hand(id, transfer.card.name) : undefined);
    // Where the sender said nothing of the whole, the server may know that it is another one.
    const isJudged = outcome.isSame !== null || !known(id)?.stored;
    if (isJudged) await hand();
    if ((await finish(id, outcome.root)) && !isJudged) await hand();
  }

  function failed({ id, incoming }: DirectTransfer, problem: Problem): void {
    if (incoming) post({ do: "discard", id });
    release(id);
    const isPlace = problem.status === 507;
    // Another disk may have room; a file that is not what it was will not be it again.
    show(id, { state: incoming && isPlace ? "needs-place" : "failed", problem, speed: 0, eta: null });
    if (isPlace) return;
    tell(id, { kind: "failed", code: problem.code });
    ask(id, "/cancel").then(learn, () => {});
  }

  /** The file is here; that the other one hears of it may take until there is a network again. False when the server has another one. */
  async function finish(id: string, root: string): Promise<boolean> {
    const backoff = new Backoff(hub.clock, 1_000, 30_000);
    for (;;) {
      try {
        learn(await hub.api<Transfer>({ method: "POST", path: at(id, "/done"), body: { sha256_root: root } }));
        break;
      } catch (error) {
        if (error instanceof Problem && error.code === "checksum_mismatch") {
          failed(known(id)!, error);
          return false;
        }
        if (!(error instanceof Problem) || !error.isTransient) break;
        await pause(hub.clock, backoff.next());
      }
    }
    release(id);
    show(id, { state: "done", verified: true });
    return true;
  }

  // ---- what is heard

  function event(frame: Frame): void {
    const id = String(frame.transfer_id);
    switch (frame.type) {
      case "transfer.offer":
      case "transfer.rejected":
      case "transfer.done":
      case "transfer.failed":
        return learn(frame.transfer as Transfer);
      case "transfer.stored": {
        learn(frame.transfer as Transfer);
        const stored = known(id)?.stored;
        if (stored && known(id)!.incoming && carried.has(id)) post({ do: "stored", id, fileId: stored.fileId });
        return;
      }
      case "transfer.accepted": {
        learn(frame.transfer as Transfer);
        const file = files.get(id);
        if (file && !carried.has(id)) void send(id, file);
        return;
      }
      case "transfer.progress":
        if (typeof frame.received === "number" && (!carried.has(id) || frame.route === "stored")) show(id, { received: frame.received });
        return;
      case "signal":
        return signalled(id, frame.data as { kind?: unknown; on?: unknown; code?: unknown });
    }
  }

  function signalled(id: string, data: { kind?: unknown; on?: unknown; code?: unknown } | null): void {
    const item = carried.get(id);
    if (!item && data?.kind === "line.call" && files.has(id)) early.set(id, data as LineSignal);
    if (!item || typeof data?.kind !== "string") return;
    if (data.kind.startsWith("line.")) {
      item.calls.heard(data as LineSignal);
    } else if (data.kind === "pause") {
      if (known(id)!.pausedBy === "me") return;
      post({ do: "pause", id, on: data.on === true });
      show(id, data.on === true ? { pausedBy: "peer", state: "paused", speed: 0, eta: null } : { pausedBy: null, state: "waiting" });
    } else if (data.kind === "failed") {
      release(id);
      show(id, { state: "failed", problem: new Problem(409, data.code === "file_changed" ? "file_changed" : "checksum_mismatch"), speed: 0, eta: null });
    } else {
      post({ do: "signal", id, data });
    }
  }

  hub.on((events) => {
    for (const one of events) if (one.kind === "other") event(one.frame);
  });

  /** What was offered while nobody listened, and what an earlier page left in the middle. */
  async function adopt(): Promise<void> {
    const page = await hub.api<Page<Transfer>>({ path: "/p2p/history?limit=50" });
    for (const transfer of page.items) {
      if (carried.has(transfer.id) || (!known(transfer.id) && !["offered", "accepted"].includes(transfer.state))) continue;
      learn(transfer);
      const kept = (await ports.records.get("facts", factOf(transfer.id))) as KeptDirect | undefined;
      const file = files.get(transfer.id);
      if (file && transfer.state === "accepted") await send(transfer.id, file);
      else if (kept && !file && !isEnded(known(transfer.id)!)) await again(transfer.id, kept);
    }
    await ports.sweep(new Set(all.peek().keys()));
  }

  async function again(id: string, kept: KeptDirect): Promise<void> {
    const free = ports.locks ? await ports.locks.tryHold(lockOf(id)) : null;
    if (ports.locks && !free) return;
    free?.();
    if (kept.incoming) {
      show(id, { state: "needs-place", kept: keptBytes(kept, known(id)!) });
      return void (await carryOn(id, false));
    }
    const file = kept.handle ? await ports.openHandle(kept.handle, false) : null;
    const { stored } = known(id)!;
    if (stored && (await deposits.isWhole(stored.fileId))) return show(id, { stored: { ...stored, state: "whole" } });
    if (!file || !(await isOffered(kept, known(id)!, file, ports.digest))) return show(id, { state: "needs-file" });
    await have(id, file);
  }

  /** To where an earlier page saved it, when the browser lets this one. */
  async function carryOn(id: string, ask: boolean): Promise<boolean> {
    const kept = (await ports.records.get("facts", factOf(id))) as KeptDirect | undefined;
    const place = kept?.place;
    if (!kept || !place || place.kind === "stream" || (place.kind === "file" && !(await ports.mayWrite(place.handle, ask)))) return false;
    await receive(id, place, kept.digests);
    return true;
  }

  /** The file is here again, after a reload: what was begun goes on. */
  async function have(id: string, file: File): Promise<void> {
    files.set(id, file);
    const { accepted, stored } = known(id)!;
    if (accepted) await send(id, file);
    else show(id, { state: "offered", here: true });
    if (stored) await store(id);
  }

  async function store(id: string): Promise<void> {
    const [transfer, file] = [known(id), files.get(id)];
    if (!transfer || !file) throw new Problem(404, "not_found");
    const everything: readonly Range[] = [[0, transfer.chunks - 1]];
    await deposits.begin(id, file, transfer.chunks, () => carried.get(id)?.missing ?? everything);
  }

  function pauseOne(id: string, on: boolean): void {
    if (!carried.has(id)) return;
    post({ do: "pause", id, on });
    deposits.pause(id, on);
    tell(id, { kind: "pause", on });
    show(id, on ? { state: "paused", pausedBy: "me", speed: 0, eta: null } : { state: "waiting", pausedBy: null });
  }

  const open = computed(() => [...all.value.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)));
  return {
    transfers: open,
    offers: computed(() => open.value.filter((one) => one.incoming && one.state === "offered")),
    active: computed(() => open.value.filter((one) => !isEnded(one) && !(one.incoming && one.state === "offered")).length),
    lacks: ports.makePeer === null ? "line" : ports.canSeal ? null : "seal",
    transfer: (id) => computed(() => all.value.get(id) ?? null),
    async offer(to: UserId, toSend: FileToSend) {
      const { file } = toSend;
      const { transfer } = await hub.api<OfferedTransfer>({ method: "POST", path: "/p2p/initiate", body: offerOf(to, toSend) });
      files.set(transfer.id, file);
      learn(transfer);
      const kept: KeptDirect = { incoming: false, handle: toSend.handle ?? null, lastModified: file.lastModified ?? null, prints: null, place: null, digests: null };
      keep(transfer.id, kept);
      // A file that cannot be read says so when it is sent.
      printsOf(file, ports.digest).then((prints) => files.has(transfer.id) && keep(transfer.id, { ...kept, prints }), () => {});
    },
    async accept(id, sink) {
      learn(await ask(id, "/accept"));
      await receive(id, sink);
    },
    carryOn: (id) => carryOn(id, true),
    reject: async (id) => learn(await ask(id, "/reject")),
    cancel: async (id) => learn(await ask(id, "/cancel")),
    pause: (id) => pauseOne(id, true),
    resume: (id) => pauseOne(id, false),
    async give(id, file) {
      const transfer = known(id);
      const kept = (await ports.records.get("facts", factOf(id))) as KeptDirect | undefined;
      if (!transfer || !(await isOffered(kept, transfer, file, ports.digest))) throw new Problem(409, "other_file");
      await have(id, file);
    },
    store,
    history: (cursor) => hub.api<Page<Transfer>>({ path: `/p2p/history?limit=30${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}` }),
    clear() {
      all.value = new Map([...all.peek()].filter(([, one]) => !isEnded(one)));
    },
    start: () => adopt().catch(() => {}),
    stop() {
      for (const id of [...carried.keys()]) {
        const item = carried.get(id)!;
        item.calls.stop();
        item.release?.();
        post({ do: "stop", id });
      }
      carried.clear();
      deposits.stopAll();
      ports.keepAwake(false);
    },
  };
}

const callAnywayMs = 500;
/** Who has not come by then is away, for all that one can say. */
const awayAfterMs = 6_000;
const reportEveryMs = 1_000;
