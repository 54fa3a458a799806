import type { Message } from "./api/types";
import type { LiveChat } from "./live/state";
import type { SendState } from "./model";

/** How far a message of mine is: with everybody it was delivered to, and with anybody who has read it. */
export function sendStateOf(chat: LiveChat, message: Message): SendState {
  if (chat.chat.type === "saved") return "read";
  const marks = [...chat.peers.values()];
  if (marks.some((mark) => mark.read >= message.seq)) return "read";
  if (marks.length > 0 && marks.every((mark) => mark.delivered >= message.seq)) return "delivered";
  return "sent";
}
