import type { Transfer, UserId } from "../api/types";
import type { FileToSend } from "../model";
import { printsOf, type Digest } from "../transfers/stored";
import type { DirectState, DirectTransfer, StoredPart } from "./model";
import type { StoredDigests } from "../upload/plan";
import type { SinkWish } from "./sinks";
import type { DirectJob, DirectProgress } from "./words";

/** What of a direct transfer outlives the page that carried it. */
export interface KeptDirect {
  readonly incoming: boolean;
  readonly handle: unknown;
  /** What the sender's file is known by. */
  readonly lastModified: number | null;
  readonly prints: string | null;
  /** The receiver's: where it is saved, and what is there. */
  readonly place: KeptPlace | null;
  readonly digests: StoredDigests | null;
}

/** A place that a later page can come back to; a download of the browser's it cannot. */
export type KeptPlace = Exclude<SinkWish, { kind: "stream" }> | { readonly kind: "stream" };

export const keptBytes = ({ digests }: KeptDirect, { card, chunkSize }: DirectTransfer): number => {
  const { size } = card;
  return (digests?.known ?? new Uint8Array()).reduce((sum, isThere, i) => sum + (isThere ? Math.min(chunkSize, size - i * chunkSize) : 0), 0);
};

const over: ReadonlySet<DirectState> = new Set(["done", "failed", "rejected", "cancelled", "expired"]);

export const isEnded = (transfer: DirectTransfer): boolean => over.has(transfer.state);

/** What the server says of a transfer, together with what this page knows of it. */
export function shownOf(transfer: Transfer, me: UserId, before: DirectTransfer | undefined, here: { carried: boolean; offered: boolean }): DirectTransfer {
  const incoming = transfer.receiver.id === me;
  return {
    id: transfer.id, incoming, peer: incoming ? transfer.sender : transfer.receiver,
    card: { name: transfer.filename, size: transfer.size, mime: transfer.mime },
    chunkSize: transfer.chunk_size, chunks: transfer.total_chunks, createdAt: transfer.created_at, accepted: transfer.state === "accepted",
    received: before?.received ?? 0, speed: before?.speed ?? 0, eta: before?.eta ?? null, route: before?.route ?? null, change: before?.change ?? null,
    refused: before?.refused ?? 0, peerAway: before?.peerAway ?? false, pausedBy: before?.pausedBy ?? null, fingerprint: before?.fingerprint ?? null,
    stored: storedOf(transfer, before), kept: before?.kept ?? null,
    verified: before?.verified ?? transfer.state === "done", problem: before?.problem ?? null, here: here.carried || here.offered,
    ...stateOf(transfer, before, here),
  };
}

function storedOf({ file_id: fileId }: Transfer, before: DirectTransfer | undefined): StoredPart | null {
  const known = before?.stored ?? null;
  return fileId === null || known?.fileId === fileId ? known : { fileId, state: "there", sent: 0, speed: 0, problem: null };
}

/** How far it is, as the worker says that carries it. */
export function movedOf(transfer: DirectTransfer, { route, speed, eta, change, refused, received: counted }: DirectProgress) {
  const { incoming, stored, card, state, peerAway } = transfer;
  // What the receiver has from the server's disk they may tell the server alone.
  const received = Math.max(counted, !incoming && stored ? transfer.received : 0);
  const moves = ["waiting", "running", "saving"].includes(state);
  // All of it came, and the whole is judged.
  const isHere = incoming && received >= card.size;
  const comes = route !== null && (speed > 0 || (received > 0 && !peerAway));
  const now: DirectState = !moves ? state : isHere ? "saving" : comes ? "running" : "waiting";
  return { received, speed, eta, route: route ?? transfer.route, change: change ?? transfer.change, refused, state: now };
}

/** Less than this, for longer than that, and there is something to be gained by not waiting for it. */
const slowSpeed = 2_000_000;
const longSeconds = 120;

/** Whether the sender is better off with a copy on the server: nobody is there to take it, or it takes long. */
export function mayStore({ incoming, here, state, stored, peerAway, pausedBy, speed, eta }: DirectTransfer): boolean {
  if (incoming || !here || (stored !== null && stored.state !== "failed")) return false;
  if (state === "offered" || (state === "waiting" && peerAway) || (state === "paused" && pausedBy === "peer")) return true;
  return state === "running" && speed < slowSpeed && eta !== null && eta > longSeconds;
}

function stateOf(transfer: Transfer, before: DirectTransfer | undefined, here: { carried: boolean; offered: boolean }): Partial<DirectTransfer> & { state: DirectState } {
  switch (transfer.state) {
    case "offered":
      return { state: before?.state === "needs-file" ? "needs-file" : "offered" };
    case "accepted": {
      const running: readonly DirectState[] = ["waiting", "running", "paused", "saving"];
      if (here.carried) return { state: before && running.includes(before.state) ? before.state : "waiting" };
      if (here.offered) return { state: "waiting" };
      return { state: before && ["needs-file", "needs-place", "failed"].includes(before.state) ? before.state : "elsewhere" };
    }
    case "done":
      return { state: "done", received: transfer.size, verified: true, speed: 0, eta: null, problem: null };
    default:
      // What failed here says more than that it was cancelled then.
      return { state: before?.state === "failed" ? "failed" : transfer.state, speed: 0, eta: null };
  }
}

/** Whether a file is the one that was offered: by its bytes where they can be told, else by its date. */
export async function isOffered(kept: KeptDirect | undefined, transfer: DirectTransfer, file: File, digest: Digest | null): Promise<boolean> {
  if (file.size !== transfer.card.size) return false;
  const prints = kept?.prints && (await printsOf(file, digest));
  return prints ? prints === kept.prints : !kept || kept.lastModified === null || kept.lastModified === file.lastModified;
}

const mebibyte = 1024 * 1024;

/** Small chunks lose little at a change of line; large files have few enough of them. */
export function chunkSizeFor(size: number): number {
  let chunk = mebibyte;
  while (chunk < 64 * mebibyte && size > chunk * 2_000) chunk *= 2;
  return chunk;
}

export const offerOf = (to: UserId, { file, name }: FileToSend) => ({
  receiver_id: to, filename: name ?? file.name ?? "file", size: file.size, mime: file.type || "application/octet-stream", chunk_size: chunkSizeFor(file.size),
});

export const lockOf = (id: string): string => `hypersend.direct.${id}`;
export const factOf = (id: string): string => `direct.${id}`;

export const jobOf = (transfer: DirectTransfer, socketBase: string, expectsLine: boolean): DirectJob => ({
  size: transfer.card.size, chunkSize: transfer.chunkSize, total: transfer.chunks, expectsLine,
  url: `${socketBase}/api/v1/p2p/${transfer.incoming ? "receiver" : "sender"}/${encodeURIComponent(transfer.id)}`,
});
