import type { ReadonlySignal } from "@preact/signals-core";
import type { FileId, Person, Transfer as ServerTransfer, UserId } from "../api/types";
import type { FileCard, FileToSend, Page } from "../model";
import type { Problem } from "../problem";
import type { Route } from "./line";
import type { Change } from "./choice";
import type { SinkWish } from "./sinks";

/**
 * `offered`: waits for an answer. `waiting`: for the other one or for a line. `needs-file`, `needs-place`: after a reload the same file, or a
 * place to save it, has to be chosen again. `saving`: all is here. `elsewhere`: another device or tab of mine carries it.
 */
export type DirectState =
  | "offered" | "waiting" | "running" | "paused" | "saving" | "needs-file" | "needs-place" | "elsewhere"
  | "done" | "failed" | "rejected" | "cancelled" | "expired";

/** `there`: another page knows how far it is. `sending`: this page brings it. `whole`: the sender may go. `failed`: it goes no further. */
export interface StoredPart {
  readonly fileId: FileId;
  readonly state: "there" | "sending" | "whole" | "failed";
  readonly sent: number;
  readonly speed: number;
  readonly problem: Problem | null;
}

/** A file on its way from one person to another. */
export interface DirectTransfer {
  readonly id: string;
  readonly incoming: boolean;
  readonly peer: Person;
  readonly card: FileCard;
  readonly chunkSize: number;
  readonly chunks: number;
  readonly state: DirectState;
  /** The receiver wants it. */
  readonly accepted: boolean;
  /** Bytes the receiver has. */
  readonly received: number;
  readonly speed: number;
  readonly eta: number | null;
  readonly route: Route | null;
  /** The last change of line. */
  readonly change: Change | null;
  readonly refused: number;
  readonly peerAway: boolean;
  readonly pausedBy: "me" | "peer" | null;
  /** Of the keys that seal what goes through the server; null while, or where, nothing is sealed. */
  readonly fingerprint: string | null;
  /** The file that its sender puts, or has put, on the server; null while the server has nothing of it. */
  readonly stored: StoredPart | null;
  readonly verified: boolean;
  readonly problem: Problem | null;
  /** Bytes that an earlier page left in the place where it is saved; null where there was no such page. */
  readonly kept: number | null;
  /** This tab carries it, or has its file. */
  readonly here: boolean;
  readonly createdAt: string;
}

export interface Directs {
  /** What is open, and what ended while this page was here; the newest first. */
  readonly transfers: ReadonlySignal<readonly DirectTransfer[]>;
  /** To me, and unanswered. */
  readonly offers: ReadonlySignal<readonly DirectTransfer[]>;
  readonly active: ReadonlySignal<number>;
  /** What this browser cannot do: open straight lines, or seal what goes through the server. */
  readonly lacks: "line" | "seal" | null;
  transfer(id: string): ReadonlySignal<DirectTransfer | null>;
  offer(to: UserId, file: FileToSend): Promise<void>;
  /** Also after a reload, with another place to save it. */
  accept(id: string, sink: SinkWish): Promise<void>;
  /** After a reload: to where it was saved before, and only what is missing. False when a place has to be chosen. Needs a click. */
  carryOn(id: string): Promise<boolean>;
  reject(id: string): Promise<void>;
  cancel(id: string): Promise<void>;
  pause(id: string): void;
  resume(id: string): void;
  /** After a reload: the same file. Throws a Problem `other_file` when it is not. */
  give(id: string, file: File): Promise<void>;
  /** The sender's: the server keeps it until the receiver has it, so that nobody has to wait for the other. */
  store(id: string): Promise<void>;
  history(cursor?: string | null): Promise<Page<ServerTransfer>>;
  clear(): void;
}
