import type { RelaySocket } from "../../src/core/direct/relay";
import type { Role } from "../../src/core/direct/sealing";

/** The server's half: hands frames on, and remembers what it saw of them. */
export class Meeting {
  readonly sockets: Partial<Record<Role, FakeSocket>> = {};
  /** What does not get through. */
  loses: (role: Role, frame: string | Uint8Array) => boolean = () => false;
  readonly seen: { role: Role; frame: string | Uint8Array }[] = [];

  enter(role: Role, socket: FakeSocket): void {
    this.sockets[role]?.end(4008);
    this.sockets[role] = socket;
    socket.hear({ type: "metadata", role });
    const { sender, receiver } = this.sockets;
    if (sender && receiver) for (const one of [sender, receiver]) one.hear({ type: "start" });
  }

  pass(role: Role, frame: string | Uint8Array<ArrayBuffer>): void {
    this.seen.push({ role, frame });
    if (this.loses(role, frame)) return;
    this.sockets[role === "sender" ? "receiver" : "sender"]?.hear(typeof frame === "string" ? JSON.parse(frame) as object : frame);
  }

  leave(role: Role): void {
    delete this.sockets[role];
    this.sockets[role === "sender" ? "receiver" : "sender"]?.hear({ type: "peer_left" });
  }
}

export class FakeSocket implements RelaySocket {
  binaryType = "";
  bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(private readonly meeting: Meeting, private readonly role: Role) {
    queueMicrotask(() => this.onopen?.());
  }
  send(frame: string | Uint8Array<ArrayBuffer>): void {
    if (typeof frame === "string" && frame.includes('"auth"')) this.meeting.enter(this.role, this);
    else this.meeting.pass(this.role, frame);
  }
  hear(frame: object | Uint8Array<ArrayBuffer>): void {
    queueMicrotask(() => this.onmessage?.({ data: frame instanceof Uint8Array ? frame.slice().buffer : JSON.stringify(frame) }));
  }
  close(): void {
    this.meeting.leave(this.role);
  }
  end(code: number): void {
    queueMicrotask(() => this.onclose?.({ code }));
  }
}
