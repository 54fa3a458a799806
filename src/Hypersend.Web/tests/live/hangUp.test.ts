import { expect, it } from "vitest";
import { hangUp } from "../../src/core/live/hangUp";

it("closes a socket that is not open yet when it is, and any other at once", () => {
  const closed: (number | undefined)[] = [];
  const socket = { readyState: 0, onopen: null as (() => void) | null, close: (code?: number) => void closed.push(code) };
  hangUp(socket);
  expect(closed).toEqual([]);
  socket.readyState = 1;
  socket.onopen?.();
  expect(closed).toEqual([1000]);
  hangUp(socket);
  expect(closed).toEqual([1000, 1000]);
});
