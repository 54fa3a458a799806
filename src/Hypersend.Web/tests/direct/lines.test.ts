import { describe, expect, it } from "vitest";
import { LineCalls, type LineSignal } from "../../src/core/direct/lineCalls";
import { Negotiation, type ChannelLike, type Described, type Negotiating, type PeerLike } from "../../src/core/direct/negotiation";
import type { PortLike } from "../../src/core/direct/portLine";
import { ManualClock } from "../live/world";

const turns = async (): Promise<void> => {
  for (let i = 0; i < 40; i++) await Promise.resolve();
};

/** A browser's connection as far as signalling goes: it refuses what a browser refuses, and is up when both know a candidate of the other. */
class FakePeer implements PeerLike {
  signalingState = "stable";
  connectionState = "new";
  localDescription: Described | null = null;
  onnegotiationneeded: (() => void) | null = null;
  onicecandidate: PeerLike["onicecandidate"] = null;
  onconnectionstatechange: (() => void) | null = null;
  readonly channels: ChannelLike[] = [];
  /** Offers of its own that were taken back. */
  rollbacks = 0;
  refused = 0;
  other: FakePeer | null = null;
  #remote: Described | null = null;
  #knowsOther = false;
  #count = 0;

  constructor(readonly name: string) {}

  async setLocalDescription(): Promise<void> {
    const type = this.signalingState === "have-remote-offer" ? "answer" : "offer";
    this.localDescription = { type, sdp: `${this.name}.${++this.#count}` };
    this.signalingState = type === "answer" ? "stable" : "have-local-offer";
    const candidate = { of: this.localDescription.sdp };
    queueMicrotask(() => this.onicecandidate?.({ candidate: { toJSON: () => candidate } }));
    this.#look();
  }

  async setRemoteDescription(description: Described): Promise<void> {
    if (description.type === "answer" && this.signalingState !== "have-local-offer") throw new DOMException("No offer.", "InvalidStateError");
    if (description.type === "offer" && this.signalingState === "have-local-offer") this.rollbacks++;
    this.#remote = description;
    this.signalingState = description.type === "offer" ? "have-remote-offer" : "stable";
    this.#look();
  }

  async addIceCandidate(candidate: object): Promise<void> {
    if ((candidate as { of: string }).of !== this.#remote?.sdp) {
      this.refused++;
      throw new DOMException("It belongs to nothing.", "OperationError");
    }
    this.#knowsOther = true;
    this.#look();
  }

  createDataChannel(): ChannelLike {
    const channel: ChannelLike = {
      binaryType: "", readyState: "connecting", bufferedAmount: 0, bufferedAmountLowThreshold: 0, onopen: null, onclose: null, onmessage: null, onbufferedamountlow: null,
      send: () => {}, close: () => {},
    };
    if (this.channels.push(channel) === 1) queueMicrotask(() => this.onnegotiationneeded?.());
    return channel;
  }

  close(): void {
    this.connectionState = "closed";
  }

  fail(): void {
    this.connectionState = "failed";
    this.onconnectionstatechange?.();
  }

  get isReady(): boolean {
    return this.signalingState === "stable" && this.#knowsOther && this.connectionState !== "closed";
  }

  #look(): void {
    if (!this.isReady || !this.other?.isReady) return;
    for (const peer of [this, this.other]) {
      peer.connectionState = "connected";
      for (const channel of peer.channels) Object.assign(channel, { readyState: "open" });
      for (const channel of peer.channels) channel.onopen?.();
    }
  }
}

const port = (): PortLike => ({ onmessage: null, postMessage: () => {}, close: () => {} });

/** Two ends that negotiate; what one says waits until the test hands it over. */
function negotiate() {
  const clock = new ManualClock();
  const peers = { ana: new FakePeer("ana"), ben: new FakePeer("ben") };
  [peers.ana.other, peers.ben.other] = [peers.ben, peers.ana];
  const said: Record<"ana" | "ben", Negotiating[]> = { ana: [], ben: [] };
  const ups: string[] = [];
  const downs: string[] = [];
  const end = (name: "ana" | "ben"): Negotiation => new Negotiation({
    peer: peers[name], polite: name === "ben", clock, makePort: () => ({ mine: port(), theirs: port() }), say: (word) => void said[name].push(word),
    up: () => void ups.push(name), down: () => void downs.push(name),
  });
  const ends = { ana: end("ana"), ben: end("ben") };
  /** All that both have said by now, and what they say to it. */
  async function talk(): Promise<void> {
    for (await turns(); said.ana.length + said.ben.length > 0; await turns()) {
      for (const word of said.ana.splice(0)) ends.ben.heard(word);
      for (const word of said.ben.splice(0)) ends.ana.heard(word);
    }
  }
  return { clock, peers, said, ups, downs, ends, talk };
}

describe("negotiation", () => {
  it("comes to one connection when both offer in the same moment: the polite one takes its offer back", async () => {
    const { peers, ups, downs, talk, said } = negotiate();
    await turns();
    expect([said.ana, said.ben].map((words) => words.filter((word) => "description" in word && word.description.type === "offer").length)).toEqual([1, 1]);
    await talk();
    expect([ups.sort(), downs]).toEqual([["ana", "ben"], []]);
    expect([peers.ana.rollbacks, peers.ben.rollbacks]).toEqual([0, 1]);
    // The candidate of the offer that was passed over fitted nothing, and was no fault.
    expect(peers.ana.refused + peers.ben.refused).toBeGreaterThan(0);
  });

  it("keeps candidates that overtake the description they belong to", async () => {
    const { peers, ups, ends, said, talk } = negotiate();
    await turns();
    said.ben.length = 0;
    const words = said.ana.splice(0);
    ends.ben.heard(words.find((word) => "candidate" in word)!);
    await turns();
    expect(peers.ben.refused).toBe(0);
    ends.ben.heard(words.find((word) => "description" in word)!);
    await talk();
    expect(ups.sort()).toEqual(["ana", "ben"]);
  });

  it("is given up when a candidate is wrong that belongs to what was taken", async () => {
    const { downs, ends, said, talk } = negotiate();
    await talk();
    ends.ben.heard({ candidate: { of: "somebody else" } });
    await turns();
    expect(downs).toEqual(["ben"]);
    expect(said.ben).toEqual([]);
  });

  it("is given up when it does not come up in time, and told once when it breaks", async () => {
    const { clock, downs, peers, talk } = negotiate();
    await clock.pass(12_000);
    expect(downs.sort()).toEqual(["ana", "ben"]);
    const other = negotiate();
    await other.talk();
    other.peers.ana.fail();
    other.peers.ana.channels[0]!.onclose?.();
    await other.clock.pass(20_000);
    expect([other.ups.sort(), other.downs]).toEqual([["ana", "ben"], ["ana"]]);
    expect(peers.ana.connectionState).toBe("closed");
    await talk();
  });
});

/** Both sides' calls for a line, with a connection that comes up as soon as both have said what they have to. */
function calls({ lacks = null as "ana" | null } = {}) {
  const clock = new ManualClock();
  const made: FakePeer[] = [];
  const said: { by: string; word: LineSignal }[] = [];
  const seen = { up: [] as string[], none: [] as string[] };
  let isLost = false;
  let id = 0;
  const ears: Record<string, LineCalls> = {};
  const side = (name: "ana" | "ben"): LineCalls => new LineCalls(name === "ben" ? "receiver" : "sender", {
    api: async () => ({ ice_servers: [], expires_in: 0 }) as never, clock, newId: () => `call-${++id}`,
    makePeer: lacks === name ? null : () => {
      const peer = new FakePeer(`${name}-${made.length}`);
      // The two that are made for the same call belong to each other.
      const before = made.at(-1);
      if (before && !before.other && before.connectionState !== "closed") [before.other, peer.other] = [peer, before];
      made.push(peer);
      return peer;
    },
    makePort: () => ({ mine: port(), theirs: port() }),
    say: (word) => {
      said.push({ by: name, word });
      if (!isLost) queueMicrotask(() => ears[name === "ana" ? "ben" : "ana"]!.heard(word));
    },
    up: () => void seen.up.push(name), none: () => void seen.none.push(name),
  });
  ears.ana = side("ana");
  ears.ben = side("ben");
  return { clock, made, said, seen, ana: ears.ana, ben: ears.ben, lose: (on: boolean) => void (isLost = on) };
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await turns();
};

describe("the call for a straight line", () => {
  it("comes from the receiver, and one is enough", async () => {
    const { ana, ben, said, seen } = calls();
    ana.call();
    expect(said).toEqual([]);
    ben.call();
    await settled();
    ben.call();
    await settled();
    expect(seen).toEqual({ up: expect.arrayContaining(["ana", "ben"]), none: [] });
    expect(said.filter(({ word }) => word.kind === "line.call").length).toBe(1);
  });

  it("is made anew when the line breaks, and what is said of the old one is for nobody", async () => {
    const { clock, ana, ben, made, said, seen } = calls();
    ben.call();
    await settled();
    const old = said.find(({ by, word }) => by === "ana" && word.kind === "line.candidate")!.word;
    for (const peer of made.slice()) peer.fail();
    expect(seen.none.sort()).toEqual(["ana", "ben"]);
    await clock.pass(4_000 + 8_000);
    await settled();
    expect(seen.up.sort()).toEqual(["ana", "ana", "ben", "ben"]);
    const count = made.length;
    ben.heard(old);
    ana.heard({ ...old });
    await settled();
    expect([made.length, seen.none.length]).toEqual([count, 2]);
  });

  it("is made anew when nobody answers, and later each time", async () => {
    const { clock, ben, said, seen, lose } = calls();
    lose(true);
    ben.call();
    const at = (): number[] => said.filter(({ word }) => word.kind === "line.call").map(() => clock.time);
    await clock.pass(6_000);
    expect([at().length, seen.none]).toEqual([1, ["ben"]]);
    await clock.pass(4_000 + 4_000);
    expect(at().length).toBe(2);
    await clock.pass(6_000 + 4_000 + 4_000);
    expect(at().length).toBe(2);
    await clock.pass(4_000);
    expect(at().length).toBe(3);
    lose(false);
    await clock.pass(120_000);
    await settled();
    expect(seen.up.sort()).toEqual(["ana", "ben"]);
  });

  it("is answered with none by who opens no such lines", async () => {
    const { ben, said, seen, made } = calls({ lacks: "ana" });
    ben.call();
    await settled();
    expect(said.map(({ word }) => word.kind)).toEqual(["line.call", "line.none"]);
    expect([seen.none, made.length]).toEqual([["ben"], 0]);
  });

  it("is over when the transfer is", async () => {
    const { clock, ana, ben, seen, said } = calls();
    ben.call();
    await settled();
    ana.stop();
    ben.stop();
    const count = said.length;
    await clock.pass(300_000);
    expect([seen.none, said.length]).toEqual([[], count]);
  });
});
