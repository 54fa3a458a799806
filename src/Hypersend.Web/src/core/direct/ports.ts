import type { IceServers } from "../api/types";
import type { TabLocks } from "../live/tabLine";
import type { Records } from "../storage/records";
import type { DepositPorts } from "./deposit";
import type { Range } from "./grid";
import type { LineCalls } from "./lineCalls";
import type { Directs } from "./model";
import type { PeerLike } from "./negotiation";
import type { PortLike } from "./portLine";
import type { KeptDirect } from "./shown";
import type { SinkWish } from "./sinks";
import type { Digest } from "./supply";
import type { FromDirectWorker, ToDirectWorker } from "./words";

export interface DirectPorts {
  readonly records: Records;
  readonly locks: TabLocks | null;
  readonly newId: () => string;
  /** `wss://host` of the server. */
  readonly socketBase: string;
  /** Carries what goes by the server's disk, as it carries uploads. */
  readonly uploader: DepositPorts["worker"];
  readonly worker: (hear: (word: FromDirectWorker) => void) => { post(word: ToDirectWorker, transfer: Transferable[]): void };
  readonly makePeer: ((servers: IceServers) => PeerLike) | null;
  readonly makePort: () => { mine: PortLike; theirs: PortLike };
  readonly canSeal: boolean;
  readonly digest: Digest | null;
  readonly openHandle: (handle: unknown, ask: boolean) => Promise<File | null>;
  /** Whether a file that was picked by an earlier page may be written to; `ask` may show the browser's question, so it needs a click. */
  readonly mayWrite: (handle: unknown, ask: boolean) => Promise<boolean>;
  /** What lies on the browser's private disk, whole now, becomes a file of the person's. */
  readonly hand: (id: string, name: string) => Promise<void>;
  /** What lies there of other transfers than these is of no use any more. */
  readonly sweep: (alive: ReadonlySet<string>) => Promise<void>;
  readonly keepAwake: (on: boolean) => void;
}

/** What of a transfer runs in this page. */
export interface CarriedDirect {
  readonly calls: LineCalls;
  readonly sink: SinkWish | null;
  readonly release: (() => void) | null;
  /** The receiver's. */
  kept: KeptDirect | null;
  /** The other one was at the relay. */
  hasMet: boolean;
  /** What the receiver lacks; null before they said anything. */
  missing: readonly Range[] | null;
  /** When the server was told last how far the receiver is. */
  reportedAt: number;
}

export interface DirectDesk extends Directs {
  start(): Promise<void>;
  stop(): void;
}
