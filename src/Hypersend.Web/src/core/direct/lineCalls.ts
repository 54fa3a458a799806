import type { Send } from "../api/send";
import type { IceServers } from "../api/types";
import type { Clock } from "../clock";
import { Backoff } from "../live/backoff";
import { Negotiation, type Described, type PeerLike } from "./negotiation";
import type { PortLike } from "./portLine";
import type { Role } from "./sealing";

/** What the clients of two people say to each other about a straight line; docs/protocol.md, The direct line. */
export type LineSignal =
  | { readonly kind: "line.call"; readonly call: string }
  | { readonly kind: "line.answer"; readonly call: string }
  | { readonly kind: "line.none"; readonly call: string }
  | { readonly kind: "line.description"; readonly call: string; readonly description: Described }
  | { readonly kind: "line.candidate"; readonly call: string; readonly candidate: object };

export interface LinePorts {
  readonly api: Send;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Null where the browser has no WebRTC. */
  readonly makePeer: ((servers: IceServers) => PeerLike) | null;
  readonly makePort: () => { mine: PortLike; theirs: PortLike };
  readonly say: (word: LineSignal) => void;
  readonly up: (port: PortLike) => void;
  /** There is none, for now. */
  readonly none: () => void;
}

const answerWithinMs = 6_000;

/** The straight line of one transfer: called for by the receiver, made by both, and called for again when it was lost. */
export class LineCalls {
  readonly #role: Role;
  readonly #ports: LinePorts;
  readonly #backoff: Backoff;
  #call: string | null = null;
  #negotiation: Negotiation | null = null;
  #cancelWait: () => void = () => {};
  #stopped = false;
  /** What overtakes the making of the connection. */
  #early: LineSignal[] = [];

  constructor(role: Role, ports: LinePorts) {
    this.#role = role;
    this.#ports = ports;
    this.#backoff = new Backoff(ports.clock, 8_000, 120_000);
  }

  /** The other one is there: the receiver calls, unless a line is being made or is up. A call that nobody answered is made anew. */
  call(): void {
    if (this.#role !== "receiver" || this.#stopped || this.#negotiation || !this.#ports.makePeer) return;
    this.#cancelWait();
    const call = (this.#call = this.#ports.newId());
    this.#ports.say({ kind: "line.call", call });
    this.#cancelWait = this.#ports.clock.after(answerWithinMs, () => this.#fell(call));
  }

  heard(word: LineSignal): void {
    if (this.#stopped) return;
    if (word.kind === "line.call") {
      if (this.#role !== "sender") return;
      this.#drop();
      if (!this.#ports.makePeer) return this.#ports.say({ kind: "line.none", call: word.call });
      this.#call = word.call;
      this.#ports.say({ kind: "line.answer", call: word.call });
      void this.#make(word.call);
      return;
    }
    if (word.call !== this.#call) return;
    if (word.kind === "line.none") this.#fell(word.call);
    else if (word.kind === "line.answer") void (this.#role === "receiver" && this.#make(word.call));
    else if (this.#negotiation) this.#negotiation.heard(word.kind === "line.description" ? { description: word.description } : { candidate: word.candidate });
    else this.#early.push(word);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelWait();
    this.#drop();
  }

  #drop(): void {
    this.#call = null;
    this.#early = [];
    const old = this.#negotiation;
    this.#negotiation = null;
    old?.close();
  }

  async #make(call: string): Promise<void> {
    this.#cancelWait();
    const { api, clock, say, up, makePort, makePeer } = this.#ports;
    // Without them two in the same network still find each other.
    const servers = await api<IceServers>({ path: "/p2p/ice" }).catch(() => ({ ice_servers: [], expires_in: 0 }));
    if (this.#call !== call || this.#stopped || this.#negotiation) return;
    this.#negotiation = new Negotiation({
      peer: makePeer!(servers), polite: this.#role === "receiver", clock, makePort,
      say: (word) => say("description" in word ? { kind: "line.description", call, ...word } : { kind: "line.candidate", call, ...word }),
      up: (port) => {
        this.#backoff.succeeded();
        up(port);
      },
      down: () => this.#fell(call),
    });
    for (const word of this.#early.splice(0)) this.heard(word);
  }

  #fell(call: string): void {
    if (this.#call !== call || this.#stopped) return;
    this.#cancelWait();
    this.#drop();
    this.#ports.none();
    if (this.#role === "receiver") this.#cancelWait = this.#ports.clock.after(4_000 + this.#backoff.next(), () => this.call());
  }
}
