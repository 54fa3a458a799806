const connecting = 0;

interface Closing {
  onopen: (() => void) | null;
  readonly readyState?: number;
  close(code?: number): void;
}

/** A browser complains of a socket that is closed before it is open: such a one is closed as soon as it is. */
export function hangUp(socket: Closing): void {
  if (socket.readyState === connecting) socket.onopen = () => socket.close(1000);
  else socket.close(1000);
}
