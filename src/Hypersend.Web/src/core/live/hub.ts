import { batch, computed, signal, type ReadonlySignal, type Signal } from "@preact/signals-core";
import type { Send } from "../api/send";
import type { Chat, ChatId, Message, User, UserId } from "../api/types";
import type { Clock } from "../clock";
import type { LiveStatus, OutboxEntry } from "../model";
import type { Problem } from "../problem";
import type { Cache } from "../storage/cache";
import { Attention } from "./attention";
import { Connection } from "./connection";
import type { SocketLike } from "./lines";
import { LiveProtocol, replay } from "./protocol";
import { SyncStore } from "./store";
import { packed, packedChange, unpacked, type Errand, type TabChannel, type TabLocks, type TabWord } from "./tabLine";
import { TabOutbox } from "./tabOutbox";
import type { Frame, LiveEvent } from "./wire";

export interface HubPorts {
  readonly api: Send;
  readonly me: User;
  readonly tabId: string;
  readonly openSocket: () => SocketLike;
  readonly clock: Clock;
  /** What time the server says it is; without it this device's clock is believed. */
  readonly serverNow?: (() => number) | undefined;
  readonly isOnline: () => boolean;
  readonly cache: Cache;
  readonly channel: TabChannel | null;
  readonly locks: TabLocks | null;
  /** Begins what starts with a call of its own (files): answers the message that stands for it. */
  readonly errand: (entry: OutboxEntry) => void;
  readonly ended: () => void;
}

/**
 * One account in one tab. One tab of the browser leads: it has the connection, sends the outbox and writes the cache; what it
 * hears it tells the others, which do the same steps on a store of their own. Without locks between tabs each one leads.
 */
export class Hub {
  readonly store = new SyncStore();
  readonly protocol = new LiveProtocol(this.store);
  readonly #ports: HubPorts;
  readonly #connection: Connection;
  readonly #status = signal<LiveStatus>("offline");
  readonly #leading = signal(false);
  readonly #outbox: TabOutbox;
  readonly #list = signal(0);
  readonly #versions = new Map<ChatId, Signal<number>>();
  readonly #ears = new Set<(events: readonly LiveEvent[]) => void>();
  readonly #transferEars = new Set<(body: unknown) => void>();
  readonly #attention = new Attention();
  #users: readonly UserId[] = [];
  #idle = false;
  #inStep = false;
  #letGo: () => void = () => {};
  #stopped = false;

  constructor(ports: HubPorts) {
    this.#ports = ports;
    const { api, openSocket, clock, isOnline, cache } = ports;
    this.#outbox = new TabOutbox({ cache, clock, give: (entry) => this.#do(["send", entry]), touched: (chat) => this.touch(chat) });
    this.outbox = this.#outbox.entries;
    this.#connection = new Connection(this.protocol, { api, openSocket, clock, isOnline, ended: ports.ended, moved: () => this.#pump() });
  }

  readonly status: ReadonlySignal<LiveStatus> = computed(() => this.#status.value);
  readonly leading: ReadonlySignal<boolean> = computed(() => this.#leading.value);
  readonly outbox: ReadonlySignal<readonly OutboxEntry[]>;
  /** Moves with every change of any chat. */
  readonly list: ReadonlySignal<number> = computed(() => this.#list.value);

  get api(): Send {
    return this.#ports.api;
  }

  get clock(): Clock {
    return this.#ports.clock;
  }

  serverNow(): number {
    return this.#ports.serverNow?.() ?? this.clock.now();
  }

  get me(): User {
    return this.#ports.me;
  }

  /** Moves with every change of this chat. */
  version(chat: ChatId): Signal<number> {
    let version = this.#versions.get(chat);
    if (!version) this.#versions.set(chat, (version = signal(0)));
    return version;
  }

  /** Something of this chat was put right without an event. */
  touch(chat: ChatId): void {
    this.version(chat).value++;
    this.#list.value++;
  }

  on(hear: (events: readonly LiveEvent[]) => void): () => void {
    this.#ears.add(hear);
    return () => this.#ears.delete(hear);
  }

  /** What the transfers of my tabs tell each other travels the same way. */
  onTransfer(hear: (body: unknown) => void): void {
    this.#transferEars.add(hear);
  }

  tellTransfers(body: unknown): void {
    this.#ports.channel?.post({ kind: "transfer", from: this.#ports.tabId, body });
  }

  /** Shows what is kept here. */
  async recall(): Promise<void> {
    const { cache, me } = this.#ports;
    const [cached, waiting] = await Promise.all([cache.read(), this.#outbox.read()]);
    if (this.#stopped) return;
    this.store.state.me = me;
    if (cached && this.store.state.epoch === null) {
      this.store.state.epoch = cached.epoch;
      for (const [id, seq] of cached.reads) this.store.unconfirmedReads.set(id, seq);
      for (const chat of cached.chats) {
        this.store.put(chat);
        this.store.happened({ kind: "added", chatId: chat.chat.id });
      }
    }
    this.#outbox.show(waiting);
    this.#tell();
  }

  /** Connects, here or through the tab that leads; after what is kept has been shown. */
  async start(): Promise<void> {
    if (this.#stopped) return;
    const { channel, locks, tabId, me } = this.#ports;
    channel?.listen((word) => this.#heard(word));
    if (locks && channel) {
      channel.post({ kind: "join", from: tabId });
      this.#letGo = locks.hold(`hypersend.lead.${me.id}`, () => void this.#lead());
    } else {
      await this.#lead();
    }
  }

  async stop(): Promise<void> {
    this.leave();
    this.#stopped = true;
    this.#connection.stop();
    this.#letGo();
    this.#ports.channel?.close();
    await this.#ports.cache.flush(this.store);
  }

  /** This tab looks at nobody any more, and nobody looks at it. */
  leave(): void {
    // The leading tab takes the line with it. A last word of being away would hold for whoever goes on with the line: this tab, reloaded.
    if (this.#leading.value || !this.#ports.locks) return;
    this.watch([]);
    this.idle(true);
  }

  nudge(): void {
    if (this.#leading.value) this.#connection.nudge();
  }

  // ---- what screens do

  read(chat: ChatId, seq: number): void {
    this.#do(["read", chat, seq]);
  }

  meet(chat: Chat): void {
    this.#do(["meet", chat]);
  }

  say(frame: Frame): void {
    this.#do(["say", frame]);
  }

  send(entries: readonly OutboxEntry[]): void {
    void this.#outbox.add(entries);
  }

  retry(id: string): void {
    this.#do(["retry", id]);
  }

  discard(id: string): void {
    this.#do(["discard", id]);
  }

  /** Pages and answers of calls of this tab. */
  merge(chat: ChatId, epoch: string | null, messages: readonly Message[]): void {
    this.protocol.merge(chat, epoch, messages);
    this.#pump();
  }

  /** An errand came to its end. */
  errandDone(entry: OutboxEntry, message: Message | null): void {
    this.protocol.stored(entry.chatId, entry.id, message);
    this.#pump();
  }

  errandRefused(entry: OutboxEntry, problem: Problem): void {
    this.protocol.refused(entry.chatId, entry.id, problem);
    this.#pump();
  }

  /** Whose presence this tab shows. */
  watch(users: readonly UserId[]): void {
    this.#users = users;
    this.#do(["watch", this.#ports.tabId, users]);
  }

  setPresence(status: string): void {
    this.#do(["presence", status]);
  }

  idle(on: boolean): void {
    this.#idle = on;
    this.#do(["idle", this.#ports.tabId, on]);
  }

  // ---- leading and following

  async #lead(): Promise<void> {
    if (this.#stopped) return;
    // Before the look into storage: what another tab asks for meanwhile is asked of this one.
    this.#leading.value = true;
    this.store.disconnected();
    const entries = await this.#outbox.read();
    if (this.#stopped) return;
    for (const entry of this.#outbox.show(entries)) this.protocol.send(entry.state === "sending" ? { ...entry, state: "queued" } : entry);
    this.#ports.channel?.post({ kind: "leads", from: this.#ports.tabId });
    this.#introduce();
    this.#connection.start();
    this.#pump();
  }

  /** A tab that leads anew knows nothing of what the others look at. */
  #introduce(): void {
    this.#do(["watch", this.#ports.tabId, this.#users]);
    this.#do(["idle", this.#ports.tabId, this.#idle]);
  }

  #heard(word: TabWord): void {
    const { tabId, channel, locks } = this.#ports;
    if (word.from === tabId || this.#stopped) return;
    if (word.kind === "transfer") for (const hear of this.#transferEars) hear(word.body);
    if (!locks) return;
    if (this.#leading.value) {
      if (word.kind === "join") {
        // A moment later: whatever waits to be told is told before, so that nothing is told twice.
        this.#pump();
        channel?.post({ kind: "snapshot", from: tabId, to: word.from, state: this.store.export(), outbox: this.outbox.value.map(packed) });
      } else if (word.kind === "do") {
        this.#carryOut(word.errand);
      }
      return;
    }
    switch (word.kind) {
      case "leads":
        this.#inStep = false;
        channel?.post({ kind: "join", from: tabId });
        break;
      case "snapshot":
        if (word.to !== tabId) break;
        this.#inStep = true;
        this.store.import(word.state);
        this.#outbox.show(word.outbox.map(unpacked));
        void this.#outbox.giveAgain();
        this.#introduce();
        this.#tell();
        break;
      case "inputs":
        if (!this.#inStep) break;
        for (const input of word.inputs) replay(this.store, input);
        this.#outbox.changed(word.changes.map((change) => ("put" in change ? { put: unpacked(change.put) } : change)));
        this.#tell();
        this.#askLeader();
        break;
    }
  }

  /** This tab has loaded pages that the leading one has not, so it may notice something that the other cannot. */
  #askLeader(): void {
    const cursors = this.store.takeQuestion();
    if (cursors) this.#ports.channel?.post({ kind: "do", from: this.#ports.tabId, errand: ["doubt", cursors] });
  }

  #do(errand: Errand): void {
    if (this.#leading.value || !this.#ports.locks) this.#carryOut(errand);
    else this.#ports.channel?.post({ kind: "do", from: this.#ports.tabId, errand: errand[0] === "send" ? ["send", packed(errand[1])] : errand });
  }

  #carryOut(errand: Errand): void {
    switch (errand[0]) {
      case "read": this.protocol.markRead(errand[1], errand[2]); break;
      case "say": this.protocol.say(errand[1]); break;
      case "send": this.protocol.send(unpacked(errand[1])); break;
      case "retry": this.protocol.retry(errand[1]); break;
      case "discard": this.protocol.discard(errand[1]); break;
      case "meet": this.protocol.meet(errand[1]); break;
      case "watch": this.#say(this.#attention.watch(errand[1], errand[2])); break;
      case "presence": this.#say(this.#attention.choose(errand[1])); break;
      case "idle": this.#say(this.#attention.idle(errand[1], errand[2])); break;
      case "doubt": this.protocol.doubt(errand[1]); break;
    }
    this.#pump();
  }

  #say(frames: readonly Frame[]): void {
    for (const frame of frames) this.protocol.say(frame);
  }

  /** Carries out what the protocol wants. */
  #pump(): void {
    if (this.#stopped) return;
    const inputs = this.protocol.takeInputs();
    const changes = this.protocol.takeChanges();
    const { channel, cache, tabId } = this.#ports;
    if (this.#leading.value && channel && (inputs.length > 0 || changes.length > 0)) {
      channel.post({ kind: "inputs", from: tabId, inputs, changes: changes.map(packedChange) });
    }
    this.#outbox.changed(changes);
    if (this.#leading.value) {
      for (const change of changes) {
        if ("done" in change) void cache.removeOutbox(change.done.id);
        else if (change.put.state === "failed") void cache.putOutbox([packed(change.put)]);
      }
      for (const entry of this.protocol.takeErrands()) this.#ports.errand(entry);
    }
    this.#connection.flush();
    this.#tell(this.protocol.takeEvents());
  }

  #attend(events: readonly LiveEvent[]): void {
    for (const event of events) {
      if (event.kind === "presence" && event.presence.user_id === this.me.id) this.#attention.heard(event.presence.status);
    }
    if (this.store.state.status !== "live" || !events.some((event) => event.kind === "status")) return;
    this.#say(this.#attention.again());
    this.#connection.flush();
  }

  /** Moves the signals of what changed, all at once. */
  #tell(taken: readonly LiveEvent[] = []): void {
    const events = [...taken, ...this.store.takeEvents()];
    if (this.#leading.value) this.#attend(events);
    batch(() => {
      this.#status.value = this.store.state.status;
      if (events.length === 0) return;
      const chats = new Set<ChatId>();
      for (const event of events) {
        if ("chatId" in event) chats.add(event.chatId);
        if (event.kind === "afresh" || event.kind === "person") for (const id of this.#versions.keys()) chats.add(id);
      }
      for (const id of chats) this.version(id).value++;
      if (chats.size > 0 || events.some((event) => event.kind === "afresh")) this.#list.value++;
      for (const hear of this.#ears) hear(events);
    });
    if (this.#leading.value && events.length > 0) this.#ports.cache.changed(this.store, events);
  }
}
