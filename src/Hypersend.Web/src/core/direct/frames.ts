import type { Range } from "./grid";

/** What two clients of a transfer say to each other; the same words on every line. docs/protocol.md, Transfers. */
export type DirectWord =
  | { readonly type: "need"; readonly ranges: readonly Range[] }
  | { readonly type: "got"; readonly chunk: number }
  | { readonly type: "chunk"; readonly index: number; readonly sha256: string }
  | { readonly type: "complete"; readonly sha256_root: string };

export const pieceBytes = 65_536;
export const headBytes = 12;

export interface Piece {
  readonly index: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Eight bytes for the chunk, four for the place in it in steps of 64 KiB, then the bytes. */
export function writePiece(index: number, offset: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(headBytes + bytes.length);
  const head = new DataView(frame.buffer);
  head.setUint32(4, index);
  head.setUint32(8, offset / pieceBytes);
  frame.set(bytes, headBytes);
  return frame;
}

/** Null when it is none. */
export function readPiece(frame: Uint8Array): Piece | null {
  if (frame.length <= headBytes) return null;
  const head = new DataView(frame.buffer, frame.byteOffset, headBytes);
  if (head.getUint32(0) !== 0) return null;
  return { index: head.getUint32(4), offset: head.getUint32(8) * pieceBytes, bytes: frame.subarray(headBytes) };
}

const whole = (value: unknown, below: number): value is number => typeof value === "number" && Number.isInteger(value) && value >= 0 && value < below;
const digest = (value: unknown): value is string => typeof value === "string" && /^[0-9a-f]{64}$/i.test(value);

/** Null when it is none that a peer may say about a file of so many chunks. */
export function readWord(word: unknown, total: number): DirectWord | null {
  if (typeof word !== "object" || word === null) return null;
  const said = word as Record<string, unknown>;
  switch (said.type) {
    case "need": {
      if (!Array.isArray(said.ranges)) return null;
      let named = 0;
      const right = said.ranges.every((range) => {
        if (!Array.isArray(range) || range.length !== 2 || !whole(range[0], total) || !whole(range[1], total) || range[0] > range[1]) return false;
        // Whoever names a chunk twice would have more of them kept in mind than there are.
        return (named += range[1] - range[0] + 1) <= total;
      });
      return right ? { type: "need", ranges: said.ranges as unknown as Range[] } : null;
    }
    case "got":
      return whole(said.chunk, total) ? { type: "got", chunk: said.chunk } : null;
    case "chunk":
      return whole(said.index, total) && digest(said.sha256) ? { type: "chunk", index: said.index, sha256: said.sha256.toLowerCase() } : null;
    case "complete":
      return digest(said.sha256_root) ? { type: "complete", sha256_root: said.sha256_root.toLowerCase() } : null;
    default:
      return null;
  }
}
