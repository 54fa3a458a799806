import { batch, computed, signal, type ReadonlySignal } from "@preact/signals-core";
import type { ChatId, Message, MessageId, MessagePage } from "../api/types";
import type { Hub } from "../live/hub";
import type { LiveChat } from "../live/state";
import type { Entry, MessageEntry, MessageWindow } from "../model";
import { Problem } from "../problem";
import { sendStateOf } from "../sendState";
import type { Overlays } from "./overlays";

export interface WindowSizes {
  /** How many are added at once. */
  readonly slice: number;
  /** How many there are at most. */
  readonly most: number;
}

type Loading = "none" | "before" | "after" | "jump";

const waitForChatMs = 10_000;

/**
 * A stretch of a chat, or of one of its threads, that is known without a gap. Seqs have none, so two neighbours in the store
 * are neighbours in the chat; of a thread, what belongs to it is kept as a list.
 */
export class ChatWindow implements MessageWindow {
  readonly chatId: ChatId;
  readonly thread: MessageId | null;
  readonly #hub: Hub;
  readonly #overlays: Overlays;
  readonly #sizes: () => WindowSizes;
  readonly #seqs = signal<readonly number[] | null>(null);
  /** There is nothing before this one. */
  readonly #bottom = signal<number | null>(null);
  readonly #atEnd = signal(false);
  readonly #loading = signal<Loading>("none");
  readonly #error = signal<unknown>(null);
  readonly #unreadFrom = signal<number | null>(null);
  /** The end is wanted and not at hand: what waits to be sent stands behind what there is. */
  readonly #adrift = signal(false);
  readonly #shown = new WeakMap<Message, MessageEntry>();
  #sticks = true;
  #work: Promise<unknown> = Promise.resolve();

  constructor(hub: Hub, overlays: Overlays, chatId: ChatId, thread: MessageId | null, sizes: () => WindowSizes) {
    this.#hub = hub;
    this.#overlays = overlays;
    this.chatId = chatId;
    this.thread = thread;
    this.#sizes = sizes;
    hub.on((events) => {
      if (this.#seqs.peek() === null) return;
      let grew = false;
      for (const event of events) {
        if (event.kind === "afresh" || ("chatId" in event && event.chatId === chatId && event.kind === "reset")) return this.#again();
        // A message may have been read by a call before the chat heard of it: then only the chat moves.
        if ((event.kind === "message" || event.kind === "chat") && event.chatId === chatId) grew = true;
      }
      if (grew) this.#follow();
    });
  }

  readonly hasBefore = computed(() => {
    const seqs = this.#seqs.value;
    return seqs !== null && seqs.length > 0 && seqs[0]! > 1 && this.#bottom.value !== seqs[0];
  });
  readonly hasAfter = computed(() => this.#seqs.value !== null && !this.#atEnd.value);
  readonly ready = computed(() => this.#seqs.value !== null);
  readonly loading = computed(() => this.#loading.value);
  readonly error = computed(() => this.#error.value);
  readonly unreadFrom = computed(() => this.#unreadFrom.value);
  readonly newer = computed(() => {
    void this.#version.value;
    return this.#atEnd.value || this.thread ? 0 : Math.max(0, this.#lastSeq - (this.#seqs.value?.at(-1) ?? 0));
  });

  readonly hasGap = computed(() => this.#adrift.value && !this.#atEnd.value);
  readonly newestMine = computed(() => this.#waiting.value.findLast((pending) => pending.thread === this.thread)?.id ?? null);

  readonly #waiting = computed(() => this.#hub.outbox.value.filter((pending) => {
    const isHere = pending.chatId === this.chatId && (this.thread === null || pending.thread === this.thread);
    // What is for later is not here yet; what was refused has to be seen to be sent again or given up.
    return isHere && (!pending.sendAt || pending.state === "failed");
  }));

  readonly items: ReadonlySignal<readonly Entry[]> = computed(() => {
    void this.#version.value;
    void this.#overlays.version;
    const chat = this.#chat;
    const seqs = this.#seqs.value ?? (this.#adrift.value ? [] : null);
    if (!chat || !seqs) return [];
    const entries: Entry[] = seqs.flatMap((seq) => {
      const message = chat.messages.get(seq);
      return message ? [this.#entryOf(chat, message)] : [];
    });
    if (this.#atEnd.value || this.#adrift.value) {
      for (const pending of this.#waiting.value) entries.push({ kind: "pending", key: `c:${pending.id}`, pending });
    }
    return entries;
  });

  get #version(): ReadonlySignal<number> {
    return this.#hub.version(this.chatId);
  }

  get #chat(): LiveChat | undefined {
    return this.#hub.store.state.chats.get(this.chatId);
  }

  get #lastSeq(): number {
    return this.#chat?.chat.last_seq ?? 0;
  }

  async open(): Promise<void> {
    await this.#do("jump", async () => {
      const chat = await this.#known();
      const { unread, read_seq } = chat.mine;
      this.#unreadFrom.value = unread > 0 ? read_seq + 1 : null;
      if (this.thread || unread === 0 || this.#lastSeq - read_seq < this.#sizes().slice) await this.#toEnd();
      else await this.#around(read_seq + 1);
      this.#unreadFrom.value = unread > 0 ? this.#firstForeign(read_seq + 1) : null;
    });
  }

  async loadBefore(): Promise<void> {
    if (!this.hasBefore.peek()) return;
    await this.#do("before", async () => {
      const first = this.#seqs.peek()?.[0];
      if (first === undefined) return;
      const { slice } = this.#sizes();
      let more = this.thread ? [] : this.#stretch(Math.max(first - slice, this.#runBack(first - 1)), first - 1);
      if (more.length === 0) {
        const page = await this.#page(`before=${first}&limit=${slice}`);
        more = seqsOf(page);
        if (!page.has_more_before) this.#bottom.value = more[0] ?? first;
      }
      this.#show([...more, ...(this.#seqs.peek() ?? [])], "end");
    });
  }

  async loadAfter(): Promise<void> {
    if (!this.hasAfter.peek()) return;
    await this.#do("after", async () => {
      const last = this.#seqs.peek()?.at(-1);
      if (last === undefined) return this.#toEnd();
      const { slice } = this.#sizes();
      let more = this.thread ? [] : this.#stretch(last + 1, Math.min(last + slice, this.#runOn(last + 1)));
      let over = false;
      if (more.length === 0) {
        const page = await this.#page(`after=${last}&limit=${slice}`);
        more = seqsOf(page);
        over = !page.has_more_after;
      }
      this.#show([...(this.#seqs.peek() ?? []), ...more], "start", over);
    });
  }

  async jumpTo(target: number | MessageId): Promise<number | null> {
    const seq = typeof target === "number" ? target : Number(target.slice(target.lastIndexOf(".") + 1));
    if (!Number.isInteger(seq) || seq < 1) return null;
    if (this.#seqs.peek()?.includes(seq)) return seq;
    await this.#do("jump", async () => {
      await this.#known();
      this.#adrift.value = false;
      await this.#around(seq);
    });
    return this.#seqs.peek()?.includes(seq) ? seq : null;
  }

  async jumpToEnd(): Promise<void> {
    if (this.#atEnd.peek()) return;
    await this.#do("jump", () => this.#toEnd());
  }

  stick(on: boolean): void {
    this.#sticks = on;
    if (on && this.#atEnd.peek()) this.#show(this.#seqs.peek() ?? [], "start");
  }

  close(): void {
    this.#sticks = true;
    this.#adrift.value = false;
    this.#unreadFrom.value = null;
    const chat = this.#chat;
    if (!chat || this.thread) return;
    const { most } = this.#sizes();
    const start = Math.max(this.#runBack(this.#lastSeq), this.#lastSeq - most + 1);
    for (const seq of chat.messages.keys()) if (seq < start) chat.messages.delete(seq);
    this.#seqs.value = null;
  }

  // ---- what is done one after the other

  /** One at a time; a failure is shown and thrown. */
  #do(what: Loading, work: () => Promise<void>): Promise<void> {
    const run = async (): Promise<void> => {
      this.#loading.value = what;
      this.#error.value = null;
      try {
        await work();
      } catch (error) {
        this.#error.value = error;
        throw error;
      } finally {
        this.#loading.value = "none";
      }
    };
    const turn = this.#work.then(run, run);
    this.#work = turn.catch(() => {});
    return turn;
  }

  /** A chat that I have just made or come into is known a moment later, and what waits for me in it a moment after that. */
  #known(): Promise<LiveChat> {
    const here = (): LiveChat | undefined => (this.#hub.store.isCounted(this.chatId) ? this.#chat : undefined);
    const chat = here();
    if (chat) return Promise.resolve(chat);
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        off();
        cancel();
      };
      const off = this.#hub.on(() => {
        const found = here();
        if (!found) return;
        settle();
        resolve(found);
      });
      const cancel = this.#hub.clock.after(waitForChatMs, () => {
        settle();
        if (this.#chat) resolve(this.#chat);
        else reject(new Problem(404, "not_found"));
      });
    });
  }

  async #toEnd(): Promise<void> {
    const { slice } = this.#sizes();
    const last = this.#lastSeq;
    if (this.thread) {
      this.#adrift.value = true;
      const page = await this.#page(`limit=${slice}`);
      this.#bottom.value = page.has_more_before ? null : (page.items[0]?.seq ?? null);
      return this.#show(seqsOf(page), "start", true);
    }
    const start = this.#runBack(last);
    if (last === 0 || start === 1 || last - start + 1 >= slice || (start <= last && start === this.#bottom.peek())) {
      return this.#show(this.#stretch(Math.max(start, last - slice + 1), last), "start", true);
    }
    // What is at hand is shown while the rest is fetched; without a network it is all there is.
    if (start <= last) this.#show(this.#stretch(start, last), "start", true);
    else this.#adrift.value = true;
    try {
      const page = await this.#page(`limit=${slice}`);
      if (!page.has_more_before) this.#bottom.value = page.items[0]?.seq ?? null;
    } catch (error) {
      if (start > last) throw error;
      return;
    }
    const end = this.#lastSeq;
    this.#show(this.#stretch(Math.max(this.#runBack(end), end - slice + 1), end), "start", true);
  }

  async #around(seq: number): Promise<void> {
    const { slice } = this.#sizes();
    const half = Math.floor(slice / 2);
    const reaches = (): readonly [number, number] => [Math.max(seq - half, this.#runBack(seq)), Math.min(seq + half, this.#runOn(seq))];
    let [from, to] = reaches();
    const enough = !this.thread && this.#chat?.messages.has(seq) === true && (from === seq - half || from === 1) && (to === seq + half || to === this.#lastSeq);
    if (!enough) {
      const page = await this.#page(`around=${seq}&limit=${slice}`);
      const seqs = seqsOf(page);
      if (seqs.length === 0) return this.#toEnd();
      if (!page.has_more_before) this.#bottom.value = seqs[0]!;
      if (this.thread) return this.#show(seqs, "start", !page.has_more_after);
      [from, to] = [seqs[0]!, seqs.at(-1)!];
      return this.#show(this.#stretch(from, to), "start", !page.has_more_after);
    }
    this.#show(this.#stretch(from, to), "start");
  }

  async #page(query: string): Promise<MessagePage> {
    const { epoch } = this.#hub.store.state;
    const thread = this.thread ? `&thread=${encodeURIComponent(this.thread)}` : "";
    const page = await this.#hub.api<MessagePage>({ path: `/messages/${encodeURIComponent(this.chatId)}?${query}${thread}` });
    this.#hub.merge(this.chatId, epoch, page.items);
    return page;
  }

  // ---- what is shown

  /** Too many are cut at the named side. */
  #show(seqs: readonly number[], cut: "start" | "end", isEnd?: boolean): void {
    const { most } = this.#sizes();
    const known = seqs.filter((seq) => this.#chat?.messages.has(seq));
    const kept = known.length <= most ? known : cut === "start" ? known.slice(-most) : known.slice(0, most);
    batch(() => {
      this.#seqs.value = kept;
      const cutEnd = cut === "end" && kept.length < known.length;
      // Who came late may be shown nothing of what was said before; what was shown and is not kept here has to be asked for again.
      if (!this.thread) this.#atEnd.value = (kept.at(-1) ?? 0) >= this.#lastSeq || (seqs.length === 0 && isEnd === true);
      else if (cutEnd) this.#atEnd.value = false;
      else if (isEnd !== undefined) this.#atEnd.value = isEnd;
      if (this.#atEnd.value) this.#adrift.value = false;
    });
  }

  /** New ones come in at the end when the end was in the window and there is room, or nobody looks further up. */
  #follow(): void {
    const seqs = this.#seqs.peek() ?? [];
    const chat = this.#chat;
    if (!chat || !this.#atEnd.peek()) return;
    const last = seqs.at(-1) ?? 0;
    const more: number[] = [];
    for (let seq = last + 1; seq <= this.#lastSeq; seq++) {
      const message = chat.messages.get(seq);
      if (message && (this.thread === null || message.thread === this.thread)) more.push(seq);
      else if (!message) return this.thread ? undefined : this.#again();
    }
    if (more.length === 0) return;
    if (seqs.length === 0 && more[0]! > 1) this.#bottom.value = null;
    if (this.#sticks || seqs.length + more.length <= this.#sizes().most) this.#show([...seqs, ...more], "start");
    else this.#atEnd.value = false;
  }

  /** What was shown may be gone: the same place is looked up once more. */
  #again(): void {
    const seqs = this.#seqs.peek() ?? [];
    const middle = seqs[Math.floor(seqs.length / 2)];
    const atEnd = this.#atEnd.peek();
    this.#bottom.value = null;
    // Shown as an error on the window; whoever looks may try again.
    this.#do("jump", () => (atEnd || middle === undefined ? this.#toEnd() : this.#around(middle))).catch(() => {});
  }

  #entryOf(chat: LiveChat, message: Message): MessageEntry {
    const mine = message.sender.id === this.#hub.me.id;
    const state = mine && message.type !== "system" ? sendStateOf(chat, message) : null;
    const removing = this.#overlays.isRemoving(message.id);
    const editing = this.#overlays.isChanging(message.id);
    const known = this.#shown.get(message);
    if (known && !editing && !known.editing && known.state === state && known.removing === removing) return known;
    const key = mine && message.client_id ? `c:${message.client_id}` : message.id;
    const entry: MessageEntry = { kind: "message", key, message: this.#overlays.shown(message), mine, state, removing, editing };
    this.#shown.set(message, entry);
    return entry;
  }

  /** The first of the unbroken run that ends here; one more than it when it is not there itself. */
  #runBack(seq: number): number {
    const messages = this.#chat?.messages;
    while (messages?.has(seq)) seq--;
    return seq + 1;
  }

  #runOn(seq: number): number {
    const messages = this.#chat?.messages;
    while (messages?.has(seq)) seq++;
    return seq - 1;
  }

  #stretch(from: number, to: number): number[] {
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  }

  #firstForeign(from: number): number | null {
    const messages = this.#chat?.messages;
    for (const seq of this.#seqs.peek() ?? []) {
      const message = messages?.get(seq);
      if (seq >= from && message && message.sender.id !== this.#hub.me.id && message.type !== "system") return seq;
    }
    return null;
  }
}

const seqsOf = (page: MessagePage): number[] => page.items.map((message) => message.seq);
