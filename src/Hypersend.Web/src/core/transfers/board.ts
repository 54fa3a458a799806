import { computed, signal, type ReadonlySignal } from "@preact/signals-core";
import type { FileId } from "../api/types";
import type { Hub } from "../live/hub";
import type { Transfer, TransferState } from "../model";
import type { Problem } from "../problem";
import { plain, revived } from "../upload/workshop";
import type { TransferWord } from "./words";

const tellTabsEveryMs = 1_000;
const over: ReadonlySet<TransferState> = new Set(["done", "failed", "cancelled"]);

/** What is known of every transfer: those of this tab, told to the others, and what they tell of theirs. */
export class Board {
  readonly #hub: Hub;
  readonly #keepAwake: (on: boolean) => void;
  readonly #own = signal<ReadonlyMap<string, Transfer>>(new Map());
  readonly #others = signal<ReadonlyMap<string, Transfer>>(new Map());
  readonly #told = new Map<string, number>();
  readonly #views = new Map<string, ReadonlySignal<Transfer | null>>();
  readonly #fileViews = new Map<FileId, ReadonlySignal<Transfer | null>>();

  constructor(hub: Hub, keepAwake: (on: boolean) => void) {
    this.#hub = hub;
    this.#keepAwake = keepAwake;
  }

  readonly all: ReadonlySignal<readonly Transfer[]> = computed(() =>
    [...new Map([...this.#others.value, ...this.#own.value]).values()].sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0)),
  );
  readonly active: ReadonlySignal<number> = computed(() => this.all.value.filter((transfer) => !over.has(transfer.state)).length);

  view(id: string): ReadonlySignal<Transfer | null> {
    let view = this.#views.get(id);
    if (!view) this.#views.set(id, (view = computed(() => this.#own.value.get(id) ?? this.#others.value.get(id) ?? null)));
    return view;
  }

  ofFile(id: FileId): ReadonlySignal<Transfer | null> {
    let view = this.#fileViews.get(id);
    if (!view) this.#fileViews.set(id, (view = computed(() => this.all.value.find((transfer) => transfer.fileId === id) ?? null)));
    return view;
  }

  stateOf(id: string): TransferState | null {
    return this.#own.peek().get(id)?.state ?? null;
  }

  /** Without a line nobody can be asked how much is there; less than this it is not. */
  receivedOf(id: string): number {
    return this.#own.peek().get(id)?.received ?? 0;
  }

  add(transfer: Transfer): void {
    this.#own.value = new Map(this.#own.peek()).set(transfer.id, transfer);
    this.#dropOther(transfer.id);
    this.tell({ kind: "is", transfer: packed(transfer) });
  }

  show(id: string, change: Partial<Transfer>): void {
    const before = this.#own.peek().get(id);
    if (!before) return;
    const now = { ...before, ...change };
    this.#own.value = new Map(this.#own.peek()).set(id, now);
    const at = this.#hub.clock.now();
    if (now.state !== before.state || at - (this.#told.get(id) ?? 0) >= tellTabsEveryMs) {
      this.#told.set(id, at);
      this.tell({ kind: "is", transfer: packed(now) });
    }
    this.#keepAwake([...this.#own.peek().values()].some((transfer) => transfer.state === "running" || transfer.state === "verifying"));
  }

  remove(id: string): void {
    const rest = new Map(this.#own.peek());
    if (rest.delete(id)) this.#own.value = rest;
    this.tell({ kind: "gone", id });
  }

  /** What is over goes off the list; answers what of this tab failed and was not to stay. */
  clear(stays: (failed: string) => boolean): readonly string[] {
    const failed: string[] = [];
    for (const [id, { state }] of this.#own.peek()) {
      if (!over.has(state) || (state === "failed" && stays(id))) continue;
      if (state === "failed") failed.push(id);
      this.remove(id);
    }
    this.#others.value = new Map([...this.#others.peek()].filter(([, transfer]) => !over.has(transfer.state)));
    return failed;
  }

  /** Another tab asks who carries what. */
  tellAll(): void {
    for (const transfer of this.#own.peek().values()) if (!over.has(transfer.state)) this.tell({ kind: "is", transfer: packed(transfer) });
  }

  heard(word: TransferWord): void {
    if (word.kind === "is" && !this.#own.peek().has(word.transfer.id)) {
      const { transfer } = word;
      this.#others.value = new Map(this.#others.peek()).set(transfer.id, { ...transfer, problem: transfer.problem && revived(transfer.problem), elsewhere: true });
    } else if (word.kind === "gone") {
      this.#dropOther(word.id);
    } else if (word.kind === "who") {
      this.tellAll();
    }
  }

  tell(word: TransferWord): void {
    this.#hub.tellTransfers(word);
  }

  #dropOther(id: string): void {
    const rest = new Map(this.#others.peek());
    if (rest.delete(id)) this.#others.value = rest;
  }
}

/** Errors lose their fields on the way to another tab; a preview means nothing there. */
const packed = (transfer: Transfer): Transfer => ({
  ...transfer,
  card: { ...transfer.card, preview: null },
  problem: transfer.problem && (plain(transfer.problem) as Problem),
});
