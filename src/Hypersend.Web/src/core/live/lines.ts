import type { Send } from "../api/send";
import type { Message, UpdatesAnswer, User } from "../api/types";
import { Problem } from "../problem";
import { hangUp } from "./hangUp";
import type { Frame } from "./wire";
import { typeOf } from "./wire";

/** Both ways to talk with the server look the same to those who do. */
export interface Line {
  send(frames: readonly Frame[]): void;
  close(): void;
}

export interface Ear {
  heard(frame: unknown): void;
  closed(code: number, reason: string): void;
}

/** The part of a browser's WebSocket that is used. */
export interface SocketLike {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  readonly readyState?: number;
}

const closing = 2;

/** The server takes 256 KiB; a character may be three bytes. */
const mostFrame = 80_000;

export function socketLine(open: () => SocketLike, ticket: string, ear: Ear): Line {
  const socket = open();
  let over = false;
  const close = (code: number, reason: string): void => {
    if (over) return;
    over = true;
    socket.onmessage = socket.onclose = socket.onopen = null;
    ear.closed(code, reason);
  };
  socket.onopen = () => socket.send(JSON.stringify({ type: "auth", token: ticket }));
  socket.onclose = (event) => close(event.code, event.reason);
  socket.onmessage = (event) => {
    let frame: unknown;
    try {
      frame = JSON.parse(String(event.data));
    } catch {
      // What cannot be read may have been anything: only a new connection brings it again.
      socket.close();
      return close(0, "unreadable");
    }
    ear.heard(frame);
  };
  return {
    send(frames) {
      // Between the server's goodbye and the event that tells of it, browsers complain of every frame; the next line sends anew.
      if ((socket.readyState ?? 0) >= closing) return;
      for (const part of parts(frames)) socket.send(part);
    },
    close() {
      close(1000, "");
      hangUp(socket);
    },
  };
}

/** What is said in one moment leaves as one frame, as far as it fits. */
function* parts(frames: readonly Frame[]): Generator<string> {
  let texts: string[] = [];
  let length = 0;
  const packed = (): string => (texts.length === 1 ? texts[0]! : `[${texts.join(",")}]`);
  for (const frame of frames) {
    const text = JSON.stringify(frame);
    if (texts.length > 0 && length + text.length > mostFrame) {
      yield packed();
      texts = [];
      length = 0;
    }
    texts.push(text);
    length += text.length + 1;
  }
  if (texts.length > 0) yield packed();
}

/** `POST /updates` in the clothes of a socket, for networks that let no WebSocket through. */
export function pollLine(api: Send, cursors: () => Record<string, number>, ear: Ear): Line {
  let over = false;
  let state = "";
  let epoch: string | null = null;
  let question = false;
  let first = true;
  let running = 0;

  const hear = (frame: Frame | readonly unknown[]): void => {
    if (!over) ear.heard(frame);
  };
  const post = <T>(path: string, body: object): Promise<T> => api<T>({ method: "POST", path, body });

  async function run(): Promise<void> {
    const mine = ++running;
    try {
      while (!over && mine === running) {
        const wait = epoch === null || question ? 0 : 25;
        question = false;
        const answer = await post<UpdatesAnswer>("/updates", { cursors: cursors(), wait, state });
        if (over || mine !== running) return;
        if (answer.epoch !== epoch) {
          epoch = answer.epoch;
          const user = await api<User>({ path: "/users/me" });
          first = true;
          hear({ type: "welcome", user, session_id: "", server_time: "", heartbeat_s: 60, epoch });
          first = false;
          // The cursors of another life of the database mean nothing: what was just answered may be wrong.
          state = "";
          question = true;
          continue;
        }
        state = answer.state ?? "";
        if (answer.events.length > 0) hear(answer.events);
        else hear({ type: "pong" });
      }
    } catch (error) {
      if (over || mine !== running) return;
      over = true;
      ear.closed(error instanceof Problem && error.status === 401 ? 4401 : 0, "");
    }
  }

  async function answer(frame: Frame, call: Promise<unknown>): Promise<void> {
    try {
      const said = await call;
      const isMessage = typeof said === "object" && said !== null && "seq" in said && "sender" in said;
      hear({ type: "ack", id: frame.id, ...(isMessage ? { message: said as Message } : {}) });
    } catch (error) {
      const { code, detail, hint } = error instanceof Problem ? error : new Problem(0, "unavailable");
      hear({ type: "error", id: frame.id, code, detail, hint });
    }
  }

  void run();
  return {
    send(frames) {
      for (const frame of frames) {
        const { type: _, id: __, ...body } = frame;
        switch (typeOf(frame)) {
          case "hello":
            // The first one follows on the welcome, and the next poll is its answer.
            if (first) break;
            state = "";
            question = true;
            void run();
            break;
          case "message.send":
            void answer(frame, post("/messages", body));
            break;
          case "read":
            void answer(frame, post(`/chats/${String(body.chat_id)}/read`, { seq: body.seq }));
            break;
        }
      }
    },
    close() {
      if (over) return;
      over = true;
      ear.closed(1000, "");
    },
  };
}
