import type { Send } from "../api/send";
import type { SocketTicket } from "../api/types";
import type { Clock } from "../clock";
import { Problem } from "../problem";
import { Backoff, retryIn } from "./backoff";
import { pollLine, socketLine, type Line, type SocketLike } from "./lines";
import type { LiveProtocol } from "./protocol";
import type { Frame } from "./wire";

export interface ConnectionPorts {
  readonly api: Send;
  readonly openSocket: () => SocketLike;
  readonly clock: Clock;
  /** False only where the browser is sure that there is no network. */
  readonly isOnline: () => boolean;
  /** After anything was done to the protocol: the holder carries out what it wants. */
  readonly moved: () => void;
  /** The session is over: somebody has to sign in again. */
  readonly ended: () => void;
}

/** A socket that never says welcome is given up after so many, for the long poll. */
const failuresBeforePolling = 3;
const pollForMs = 300_000;
const welcomeWithinMs = 15_000;
const reportEveryMs = 1_000;

/** Keeps a line to the server: opens it, notices when it is dead, waits and opens it again. */
export class Connection {
  readonly #protocol: LiveProtocol;
  readonly #ports: ConnectionPorts;
  readonly #backoff: Backoff;
  #line: Line | null = null;
  #cancelRetry: () => void = () => {};
  #cancelTick: () => void = () => {};
  #heardAt = 0;
  #saidAt = 0;
  #deafSockets = 0;
  #pollingUntil = 0;
  #refusals = 0;
  #attempt = 0;
  #stopped = true;
  #reporting = false;

  constructor(protocol: LiveProtocol, ports: ConnectionPorts) {
    this.#protocol = protocol;
    this.#ports = ports;
    this.#backoff = new Backoff(ports.clock);
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    void this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelRetry();
    this.#attempt++;
    this.#drop();
    this.#status("offline");
  }

  /** The network is back, or the lid is open again: do not wait for the timer, and do not trust the old line. */
  nudge(): void {
    if (this.#stopped) return;
    if (!this.#line && this.#attemptIsWaiting) {
      this.#cancelRetry();
      void this.#connect();
    } else if (this.#line && this.#protocol.store.state.status === "live") {
      this.#send([{ type: "ping" }]);
      const asked = this.#ports.clock.now();
      const line = this.#line;
      this.#ports.clock.after(5_000, () => {
        if (this.#line === line && this.#heardAt < asked) this.#lost(line);
      });
    }
  }

  /** Carries the protocol's frames to the server. The holder calls it from `moved`. */
  flush(): void {
    const frames = this.#protocol.takeFrames();
    if (frames.length > 0) this.#send(frames);
    for (const chat of this.#protocol.takePauses()) {
      this.#ports.clock.after(500 + this.#ports.clock.random() * 1000, () => {
        this.#protocol.resume(chat);
        this.#ports.moved();
      });
    }
    if (this.#protocol.hasArrivals && !this.#reporting) {
      this.#reporting = true;
      this.#ports.clock.after(reportEveryMs, () => {
        this.#reporting = false;
        this.#protocol.reportArrivals();
        this.#ports.moved();
      });
    }
    if (this.#protocol.broken && this.#line) this.#lost(this.#line);
  }

  #attemptIsWaiting = false;

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    this.#attemptIsWaiting = false;
    this.#status("connecting");
    const { api, clock } = this.#ports;
    const polls = clock.now() < this.#pollingUntil;
    try {
      const ticket = polls ? "" : (await api<SocketTicket>({ method: "POST", path: "/auth/ws-ticket" })).ticket;
      if (attempt !== this.#attempt || this.#stopped) return;
      this.#open(polls, ticket);
    } catch (error) {
      if (attempt !== this.#attempt || this.#stopped) return;
      if (error instanceof Problem && error.status === 401) return this.#end();
      const told = error instanceof Problem && error.retryAfter > 0 ? error.retryAfter * 1000 : null;
      this.#wait(told);
    }
  }

  #open(polls: boolean, ticket: string): void {
    const { clock } = this.#ports;
    let welcomed = false;
    this.#heardAt = this.#saidAt = clock.now();
    // Assigned before anything can be heard, also by a line that answers at once.
    const ear = {
      heard: (frame: unknown): void => {
        if (this.#line !== line) return;
        welcomed = true;
        this.#heardAt = clock.now();
        try {
          this.#protocol.receive(frame);
        } catch {
          // What cannot be understood may leave half a change behind: a new hello brings the whole of it.
          return this.#lost(line);
        }
        if (this.#protocol.store.state.status === "live") {
          this.#backoff.succeeded();
          this.#refusals = 0;
          if (!polls) this.#deafSockets = 0;
        }
        this.#ports.moved();
      },
      closed: (code: number, reason: string): void => {
        if (this.#line !== line) return;
        this.#line = null;
        this.#cancelTick();
        if (!polls && !welcomed && (code < 4000 || code === 4999)) this.#deafSockets++;
        this.#closed(code, reason);
      },
    };
    const line: Line = polls ? pollLine(this.#ports.api, () => this.#cursors(), ear) : socketLine(this.#ports.openSocket, ticket, ear);
    this.#line = line;
    this.#tick(line, () => welcomed);
  }

  #cursors(): Record<string, number> {
    return Object.fromEntries([...this.#protocol.store.state.chats].map(([id, chat]) => [id, chat.rev]));
  }

  #closed(code: number, reason: string): void {
    this.#protocol.disconnected();
    if (this.#stopped) return this.#ports.moved();
    if (this.#deafSockets >= failuresBeforePolling) {
      this.#deafSockets = 0;
      this.#pollingUntil = this.#ports.clock.now() + pollForMs;
    }
    // A renewed token is tried once; who is refused with that one is not wanted.
    if ((code === 4401 || code === 4403) && ++this.#refusals > 2) return this.#end();
    this.#wait(code === 4401 && this.#refusals === 1 ? 0 : retryIn(reason));
  }

  #wait(told: number | null): void {
    this.#status("offline");
    this.#attemptIsWaiting = true;
    // Without a network a try costs battery and tells nothing; the browser says when there is one again, mostly.
    const least = this.#ports.isOnline() ? 0 : 5_000;
    this.#cancelRetry = this.#ports.clock.after(Math.max(least, this.#backoff.next(told)), () => void this.#connect());
  }

  #end(): void {
    this.#stopped = true;
    this.#drop();
    this.#protocol.setStatus("ended");
    this.#ports.moved();
    this.#ports.ended();
  }

  /** A tick each half heartbeat; by the clock, since timers of hidden tabs come late. */
  #tick(line: Line, welcomed: () => boolean): void {
    const { clock } = this.#ports;
    const heartbeat = (this.#protocol.heartbeat ?? 25) * 1000;
    this.#cancelTick = clock.after(welcomed() ? heartbeat / 2 : welcomeWithinMs, () => {
      if (this.#line !== line) return;
      const now = clock.now();
      if (!welcomed() || now - this.#heardAt >= 2 * heartbeat) return this.#lost(line);
      if (now - this.#heardAt >= heartbeat || now - this.#saidAt >= heartbeat) this.#send([{ type: "ping" }]);
      this.#tick(line, welcomed);
    });
  }

  #lost(line: Line): void {
    if (this.#line !== line) return;
    line.close();
  }

  #drop(): void {
    const line = this.#line;
    this.#line = null;
    this.#cancelTick();
    if (!line) return;
    line.close();
    this.#protocol.disconnected();
  }

  #send(frames: readonly Frame[]): void {
    if (!this.#line) return;
    this.#saidAt = this.#ports.clock.now();
    this.#line.send(frames);
  }

  #status(status: "offline" | "connecting"): void {
    this.#protocol.setStatus(status);
    this.#ports.moved();
  }
}
