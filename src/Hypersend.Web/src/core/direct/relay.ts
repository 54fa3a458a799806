import type { Clock } from "../clock";
import { Backoff } from "../live/backoff";
import { hangUp } from "../live/hangUp";
import type { DirectWord } from "./frames";
import type { End, Line } from "./line";
import type { Role, Seal, SealKeys } from "./sealing";
import { bytesOfHex } from "./sealing";

/** The part of a browser's WebSocket that is used. */
export interface RelaySocket {
  binaryType: string;
  readonly bufferedAmount: number;
  readonly readyState?: number;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(frame: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
}

export interface RelayPorts {
  readonly open: () => RelaySocket;
  readonly ticket: () => Promise<string | null>;
  readonly clock: Clock;
  readonly role: Role;
  readonly total: number;
  /** Null where this browser has no WebCrypto: the bytes go as they are. */
  readonly keys: SealKeys | null;
  /** Over for both, for good or not: `done`, `cancel`, `elsewhere` (another page took this side), `gone` (unknown or ended). */
  readonly over: (how: "done" | "cancel" | "elsewhere" | "gone") => void;
  readonly peer: (isThere: boolean) => void;
  /** What goes here is sealed with this, and nothing of it went as it is. */
  readonly seals: (seal: Seal) => void;
}

const mostBuffered = 2 * 1024 * 1024;
const lookAgainMs = 10;
const waitForKeyMs = 3_000;
/** Only a sender of another make has none, and one whose key comes late is worth a wait. */
const waitForFirstKeyMs = 10_000;
const codes: Readonly<Record<number, "elsewhere" | "gone">> = { 4003: "gone", 4004: "gone", 4008: "elsewhere" };

/** The way through the server's memory. It comes back by itself as long as the transfer lasts. */
export class Relay {
  readonly #end: End;
  readonly #ports: RelayPorts;
  readonly #backoff: Backoff;
  #socket: RelaySocket | null = null;
  #line: Line | null = null;
  #seal: Seal | null = null;
  #hasSealed = false;
  /** Something was asked for as it is: what was read once, no seal makes unread. */
  #wasPlain = false;
  #isThere = false;
  /** What was sealed is opened one after the other, so that words stay behind the bytes they speak of. */
  #reading: Promise<void> = Promise.resolve();
  #writing: Promise<void> = Promise.resolve();
  #stopped = true;
  #attempt = 0;
  #cancelRetry: () => void = () => {};

  constructor(end: End, ports: RelayPorts) {
    this.#end = end;
    this.#ports = ports;
    this.#backoff = new Backoff(ports.clock, 500, 15_000);
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    void this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#attempt++;
    this.#cancelRetry();
    this.#lose();
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onmessage = socket.onclose = socket.onopen = null;
      hangUp(socket);
    }
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    const ticket = await this.#ports.ticket();
    if (attempt !== this.#attempt || this.#stopped) return;
    if (ticket === null) return this.#again();
    const socket = (this.#socket = this.#ports.open());
    socket.binaryType = "arraybuffer";
    socket.onopen = () => socket.send(JSON.stringify({ type: "auth", token: ticket }));
    socket.onmessage = ({ data }) => {
      this.#reading = this.#reading.then(() => (this.#socket === socket ? this.#take(data) : undefined)).catch(() => socket.close(1000));
    };
    socket.onclose = ({ code }) => {
      // What came before the goodbye is read before it.
      this.#reading = this.#reading.then(() => {
        if (this.#socket !== socket) return;
        this.#socket = null;
        this.#lose();
        const over = codes[code];
        if (over) this.#finish(over);
        else this.#again();
      });
    };
  }

  #again(): void {
    if (this.#stopped) return;
    this.#cancelRetry = this.#ports.clock.after(this.#backoff.next(), () => void this.#connect());
  }

  #finish(how: Parameters<RelayPorts["over"]>[0]): void {
    if (this.#stopped) return;
    this.stop();
    this.#ports.over(how);
  }

  async #take(data: unknown): Promise<void> {
    if (typeof data !== "string") {
      const frame = new Uint8Array(data as ArrayBuffer);
      const opened = this.#seal ? await this.#seal.open(frame) : frame;
      if (this.#line && opened) this.#end.came(this.#line, opened);
      return;
    }
    const word = JSON.parse(data) as { type?: unknown };
    switch (word.type) {
      case "metadata":
        this.#backoff.succeeded();
        return;
      case "start":
        this.#lose();
        this.#isThere = true;
        this.#ports.peer(true);
        return this.#begin();
      case "peer_left":
        this.#lose();
        this.#isThere = false;
        return this.#ports.peer(false);
      case "done":
      case "cancel":
        return this.#finish(word.type);
      default:
        if (this.#line && (await this.#agrees(word))) this.#end.heard(this.#line, word);
    }
  }

  /** A seal that was not there at the start: from now on this one. The receiver asks anew, the sender is asked. */
  sealed(): void {
    if (this.#ports.role !== "receiver" || !this.#line) return;
    this.#reading = this.#reading.then(() => {
      if (!this.#line || this.#seal === this.#ports.keys?.seal) return;
      this.#lose();
      return this.#begin();
    });
  }

  async #begin(): Promise<void> {
    const { role, keys } = this.#ports;
    const socket = this.#socket;
    await keys?.announce();
    this.#seal = role === "receiver" && keys ? await keys.within(this.#wasPlain ? waitForKeyMs : waitForFirstKeyMs) : null;
    if (socket && this.#socket === socket && this.#isThere) this.#end.up((this.#line = this.#lineOver(socket)));
  }

  /** The sender's side of what a receiver asks: sealed as it says, and never plain to one who has had it sealed. */
  async #agrees(word: { type?: unknown; seal?: unknown; ranges?: unknown }): Promise<boolean> {
    const { role, keys } = this.#ports;
    if (role !== "sender" || word.type !== "need") return true;
    if (typeof word.seal === "string") {
      // Its key comes by another way, and may come later.
      const seal = (await keys?.within(waitForKeyMs, word.seal)) ?? null;
      if (seal) {
        this.#asked((this.#seal = seal), word);
        return (this.#hasSealed = true);
      }
    } else if (!this.#hasSealed) {
      this.#asked((this.#seal = null), word);
      return true;
    }
    await keys?.announce();
    return false;
  }

  #asked(seal: Seal | null, { ranges }: { ranges?: unknown }): void {
    if (!seal) this.#wasPlain ||= Array.isArray(ranges) && ranges.length > 0;
    else if (!this.#wasPlain) this.#ports.seals(seal);
  }

  #lose(): void {
    const line = this.#line;
    this.#line = null;
    if (line) this.#end.down(line);
  }

  #lineOver(socket: RelaySocket): Line {
    const line: Line = {
      route: "relay",
      seal: this.#ports.role === "receiver" ? this.#seal : null,
      say: (word) => {
        this.#writing = this.#writing.then(async () => {
          const said = await this.#dressed(word);
          if (this.#line === line) socket.send(JSON.stringify(said));
        });
      },
      carry: async (frame) => {
        const sealed = this.#seal ? await this.#seal.close(frame) : frame;
        this.#writing = this.#writing.then(() => {
          if (this.#line === line) socket.send(sealed);
        });
        await this.#writing;
        while (this.#line === line && socket.bufferedAmount > mostBuffered) {
          await new Promise<void>((resolve) => void this.#ports.clock.after(lookAgainMs, resolve));
        }
        return this.#line === line;
      },
    };
    return line;
  }

  async #dressed(word: DirectWord): Promise<object> {
    const seal = this.#seal;
    if (word.type === "need") this.#asked(seal, word);
    if (!seal) return word;
    switch (word.type) {
      case "need":
        return { ...word, seal: seal.name };
      case "chunk":
        return { ...word, sha256: await seal.chunk(word.index, bytesOfHex(word.sha256)) };
      case "complete":
        return { ...word, sha256_root: await seal.root(this.#ports.total, bytesOfHex(word.sha256_root)) };
      default:
        return word;
    }
  }
}
