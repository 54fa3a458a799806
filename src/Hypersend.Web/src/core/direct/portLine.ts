import type { End, Line } from "./line";

/** What crosses between the page, which has the connection, and the worker, which has the bytes. */
export type PortWord =
  | { readonly is: "word"; readonly word: unknown }
  | { readonly is: "bytes"; readonly bytes: ArrayBuffer }
  /** So many frames have left the page. */
  | { readonly is: "left"; readonly count: number }
  | { readonly is: "down" };

export interface PortLike {
  onmessage: ((event: { data: PortWord }) => void) | null;
  postMessage(word: PortWord, transfer: Transferable[]): void;
  close(): void;
}

/** Frames that wait in the page for the connection; each 64 KiB. */
const mostWaiting = 32;

/** The straight line, as the worker sees it: at the other end of the port the page holds the data channels. */
export function openPortLine(port: PortLike, end: End): { readonly line: Line; close(): void } {
  let waiting = 0;
  let isUp = true;
  let wake: (() => void) | null = null;
  const line: Line = {
    route: "direct",
    // The connection itself is encrypted from end to end.
    seal: null,
    say(word) {
      if (isUp) port.postMessage({ is: "word", word }, []);
    },
    async carry(frame) {
      while (isUp && waiting >= mostWaiting) await new Promise<void>((resolve) => (wake = resolve));
      if (!isUp) return false;
      waiting++;
      port.postMessage({ is: "bytes", bytes: frame.buffer }, [frame.buffer]);
      return true;
    },
  };
  function turn(): void {
    wake?.();
    wake = null;
  }
  function close(): void {
    if (!isUp) return;
    isUp = false;
    turn();
    end.down(line);
    port.close();
  }
  port.onmessage = ({ data }) => {
    if (!isUp) return;
    switch (data.is) {
      case "word":
        return end.heard(line, data.word);
      case "bytes":
        return end.came(line, new Uint8Array(data.bytes));
      case "left":
        waiting -= data.count;
        return turn();
      case "down":
        return close();
    }
  };
  end.up(line);
  return { line, close };
}
