import type { ChatId, UserId } from "../api/types";
import type { Loose } from "./loose";
import type { LiveChat } from "./state";
import type { SyncStore } from "./store";
import { waiting } from "./versions";
import type { ChatState, MarkFrame, PeerMarks, SettingsFrame } from "./wire";

/** What is mine alone: marks, counts and settings. */

export function readHere(store: SyncStore, id: ChatId, seq: number): boolean {
  const chat = store.state.chats.get(id);
  if (!chat || seq <= chat.mine.read_seq || seq > chat.chat.last_seq) return false;
  store.unconfirmedReads.set(id, seq);
  moveReadMark(store, chat, seq, chat.mine.unread, chat.mine.mentions);
  store.happened({ kind: "chat", chatId: id });
  return true;
}

/** False when what I have just read here is not known there yet, so that its counts are old. */
export function settle(store: SyncStore, chat: LiveChat, said: ChatState, loose: Loose): boolean {
  const id = chat.chat.id;
  let mine = chat.mine;
  store.confirm(id, said.read_seq);
  if (!loose.settingsCame) {
    mine = { ...mine, muted_until: said.muted_until, pinned: said.pinned, archived: said.archived, draft: said.draft };
  }
  const isNewer = said.read_seq >= mine.read_seq;
  if (isNewer) {
    const later = loose.counted.filter((count) => count.rev > said.rev && count.seq > said.read_seq);
    mine = {
      ...mine,
      read_seq: said.read_seq,
      unread: said.unread + later.reduce((sum, count) => sum + count.unread, 0),
      mentions: said.mentions + later.reduce((sum, count) => sum + count.mentions, 0),
    };
  }
  store.put({ ...chat, mine, peers: settlePeers(chat.peers, said.peers ?? {}), chat: { ...chat.chat, read_seq: mine.read_seq } });
  store.happened({ kind: "chat", chatId: id });
  return isNewer;
}

/** Whoever is there now, as far as the answer or a later event says. */
function settlePeers(known: LiveChat["peers"], said: Readonly<Record<UserId, PeerMarks>>): LiveChat["peers"] {
  return new Map(Object.entries(said).map(([id, marks]) => [id, later(known.get(id), marks)]));
}

const later = (one: PeerMarks | undefined, other: PeerMarks): PeerMarks =>
  one ? { read: Math.max(one.read, other.read), delivered: Math.max(one.delivered, other.delivered) } : other;

/** How far somebody is. My own marks come from my other devices and this one, with what is left to read. */
export function move(store: SyncStore, mark: MarkFrame): void {
  const chat = store.state.chats.get(mark.chat_id);
  if (!chat) return;
  const isRead = mark.type === "read";
  if (mark.user_id !== store.me) {
    // Somebody came in without a word, as in rooms, so that their other mark is not known.
    if (!chat.peers.has(mark.user_id)) store.doubt(mark.chat_id);
    const marks = { read: isRead ? mark.seq : 0, delivered: mark.seq };
    store.put({ ...chat, peers: new Map(chat.peers).set(mark.user_id, later(chat.peers.get(mark.user_id), marks)) });
  } else if (isRead) {
    store.confirm(mark.chat_id, mark.seq);
    if (mark.seq >= chat.mine.read_seq && !moveReadMark(store, chat, mark.seq, mark.unread ?? chat.mine.unread, mark.mentions ?? chat.mine.mentions)) {
      store.doubt(mark.chat_id);
    }
  }
  store.happened({ kind: "chat", chatId: mark.chat_id });
}

/** False when the counts are only what somebody said of another moment. */
function moveReadMark(store: SyncStore, chat: LiveChat, seq: number, unread: number, mentions: number): boolean {
  store.put({ ...chat, chat: { ...chat.chat, read_seq: seq }, mine: { ...chat.mine, read_seq: seq, unread, mentions } });
  return tryRecount(store, chat.chat.id);
}

export function settings(store: SyncStore, said: SettingsFrame): void {
  const chat = store.state.chats.get(said.chat_id);
  if (!chat) return;
  store.looseOf(said.chat_id).settingsCame = true;
  const { muted_until, pinned, archived, draft } = said;
  store.put({ ...chat, mine: { ...chat.mine, muted_until, pinned, archived, draft } });
  store.happened({ kind: "chat", chatId: said.chat_id });
}

/** Counts what waits by the messages themselves; false when not all of them are here. */
export function tryRecount(store: SyncStore, id: ChatId): boolean {
  const chat = store.state.chats.get(id)!;
  let [unread, mentions] = [0, 0];
  for (let seq = chat.chat.last_seq; seq > chat.mine.read_seq; seq--) {
    const message = chat.messages.get(seq);
    if (!message) return false;
    if (message.sender.id === store.me || message.type === "system") continue;
    const [more, calls] = waiting(message, store.me);
    unread += more;
    mentions += calls;
  }
  store.put({ ...chat, mine: { ...chat.mine, unread, mentions } });
  return true;
}
