import type { Clock } from "../clock";
import type { PortLike, PortWord } from "./portLine";

/** The parts of RTCPeerConnection and RTCDataChannel that are used, so that tests can be one. */
export interface PeerLike {
  readonly signalingState: string;
  readonly connectionState: string;
  readonly localDescription: Described | null;
  onnegotiationneeded: (() => void) | null;
  onicecandidate: ((event: { candidate: { toJSON(): object } | null }) => void) | null;
  onconnectionstatechange: (() => void) | null;
  setLocalDescription(): Promise<void>;
  setRemoteDescription(description: Described): Promise<void>;
  addIceCandidate(candidate: object): Promise<void>;
  createDataChannel(label: string, options: { negotiated: true; id: number }): ChannelLike;
  close(): void;
}

export interface Described {
  readonly type: string;
  readonly sdp: string;
}

export interface ChannelLike {
  binaryType: string;
  readonly readyState: string;
  readonly bufferedAmount: number;
  bufferedAmountLowThreshold: number;
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onbufferedamountlow: (() => void) | null;
  send(frame: string | ArrayBuffer): void;
  close(): void;
}

export type Negotiating = { readonly description: Described } | { readonly candidate: object };

export interface NegotiationPorts {
  readonly peer: PeerLike;
  /** Gives way when both begin at once. */
  readonly polite: boolean;
  readonly say: (word: Negotiating) => void;
  readonly clock: Clock;
  readonly makePort: () => { mine: PortLike; theirs: PortLike };
  readonly up: (port: PortLike) => void;
  /** It did not come up in time, or has gone. */
  readonly down: () => void;
}

const upWithinMs = 12_000;
const mostBuffered = 1024 * 1024;
const lowBuffered = 256 * 1024;

/** One attempt at a straight line: perfect negotiation, two channels, and the bridge from them to whoever has the bytes. */
export class Negotiation {
  readonly #ports: NegotiationPorts;
  readonly #control: ChannelLike;
  readonly #data: ChannelLike;
  readonly #cancelWait: () => void;
  #makingOffer = false;
  #ignoresOffer = false;
  /** Candidates may overtake the description they belong to. */
  #early: object[] | null = [];
  #port: PortLike | null = null;
  #over = false;
  #steps: Promise<void> = Promise.resolve();

  constructor(ports: NegotiationPorts) {
    this.#ports = ports;
    const { peer } = ports;
    peer.onnegotiationneeded = () => void this.#offer();
    peer.onicecandidate = ({ candidate }) => {
      if (candidate) ports.say({ candidate: candidate.toJSON() });
    };
    peer.onconnectionstatechange = () => {
      if (peer.connectionState === "failed" || peer.connectionState === "closed") this.close();
    };
    this.#control = peer.createDataChannel("control", { negotiated: true, id: 0 });
    this.#data = peer.createDataChannel("data", { negotiated: true, id: 1 });
    this.#data.binaryType = "arraybuffer";
    for (const channel of [this.#control, this.#data]) {
      channel.onopen = () => this.#opened();
      channel.onclose = () => this.close();
    }
    this.#cancelWait = ports.clock.after(upWithinMs, () => {
      if (!this.#port) this.close();
    });
  }

  /** What the other one says of the connection. One after the other: each step leaves the connection in another state. */
  heard(word: Negotiating): void {
    this.#steps = this.#steps.then(() => this.#step(word)).catch(() => this.close());
  }

  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelWait();
    this.#port?.postMessage({ is: "down" }, []);
    this.#ports.peer.close();
    this.#ports.down();
  }

  async #offer(): Promise<void> {
    const { peer, say } = this.#ports;
    try {
      this.#makingOffer = true;
      await peer.setLocalDescription();
      if (!this.#over && peer.localDescription) say({ description: plain(peer.localDescription) });
    } catch {
      this.close();
    } finally {
      this.#makingOffer = false;
    }
  }

  async #step(word: Negotiating): Promise<void> {
    const { peer, polite, say } = this.#ports;
    if (this.#over) return;
    if ("description" in word) {
      const { description } = word;
      const collides = description.type === "offer" && (this.#makingOffer || peer.signalingState !== "stable");
      this.#ignoresOffer = !polite && collides;
      if (this.#ignoresOffer) return;
      await peer.setRemoteDescription(description);
      const early = this.#early ?? [];
      this.#early = null;
      // Some may be of an offer that was passed over, and fit nothing.
      for (const candidate of early) await peer.addIceCandidate(candidate).catch(() => {});
      if (description.type !== "offer") return;
      await peer.setLocalDescription();
      if (peer.localDescription) say({ description: plain(peer.localDescription) });
    } else if (this.#early) {
      this.#early.push(word.candidate);
    } else {
      // One that belongs to an offer that was passed over fits nothing.
      await peer.addIceCandidate(word.candidate).catch((error: unknown) => {
        if (!this.#ignoresOffer) throw error;
      });
    }
  }

  #opened(): void {
    if (this.#control.readyState !== "open" || this.#data.readyState !== "open" || this.#port || this.#over) return;
    const { mine, theirs } = this.#ports.makePort();
    this.#port = mine;
    bridge(mine, this.#control, this.#data, () => this.close());
    this.#ports.up(theirs);
  }
}

const plain = ({ type, sdp }: Described): Described => ({ type, sdp });

/** Hands frames on, as fast as the connection takes them. What is no frame comes from no client of ours: `wrong`. */
function bridge(port: PortLike, control: ChannelLike, data: ChannelLike, wrong: () => void): void {
  const waiting: ArrayBuffer[] = [];
  data.bufferedAmountLowThreshold = lowBuffered;
  const send = (): void => {
    let count = 0;
    while (waiting.length > 0 && data.bufferedAmount < mostBuffered && data.readyState === "open") {
      data.send(waiting.shift()!);
      count++;
    }
    if (count > 0) port.postMessage({ is: "left", count }, []);
  };
  data.onbufferedamountlow = send;
  control.onmessage = ({ data: text }) => {
    try {
      port.postMessage({ is: "word", word: JSON.parse(text as string) as unknown }, []);
    } catch {
      wrong();
    }
  };
  data.onmessage = ({ data: bytes }) => (bytes instanceof ArrayBuffer ? port.postMessage({ is: "bytes", bytes }, [bytes]) : wrong());
  port.onmessage = ({ data: word }: { data: PortWord }) => {
    if (word.is === "word" && control.readyState === "open") {
      control.send(JSON.stringify(word.word));
    } else if (word.is === "bytes") {
      waiting.push(word.bytes);
      send();
    }
  };
}
