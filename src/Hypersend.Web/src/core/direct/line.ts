import type { DirectWord } from "./frames";
import type { Seal } from "./sealing";

/** How bytes go: straight between the two browsers, through the server's memory, or by a file on the server. */
export type Route = "direct" | "relay" | "stored";

/** One way between the two people of a transfer, as both ends see it. */
export interface Line {
  readonly route: Route;
  /** Where digests are said in a form that only the two can make. */
  readonly seal: Pick<Seal, "chunk" | "root"> | null;
  say(word: DirectWord): void;
  /** Takes the frame over. Answers when there is room for the next one; false when the line is gone. */
  carry(frame: Uint8Array<ArrayBuffer>): Promise<boolean>;
  /** Another line is asked from now on, or none. */
  leave?(): void;
}

/** What an end of the transfer hears of its lines. */
export interface End {
  /** The other one can be reached by this line. */
  up(line: Line): void;
  down(line: Line): void;
  heard(line: Line, word: unknown): void;
  came(line: Line, frame: Uint8Array): void;
}
