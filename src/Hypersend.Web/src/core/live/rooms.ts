import type { Chat, Person, UserId } from "../api/types";
import { tryRecount } from "./mine";
import { fresh, type LiveChat } from "./state";
import type { SyncStore } from "./store";
import { renamed } from "./versions";
import type { ChatSync, FileFrame, MemberFrame, PeerMarks, SyncMember } from "./wire";

/** Of chats up to this size everybody hears who is there and how far they have read. */
const smallChat = 50;

/** What changed in one chat while nobody listened. */
export function synchronise(store: SyncStore, sync: ChatSync): void {
  const id = sync.chat.id;
  const known = store.state.chats.get(id);
  let chat: LiveChat = known ?? { chat: sync.chat, rev: sync.rev, messages: new Map(), members: null, peers: new Map(), mine: fresh(sync.chat) };
  store.state.removed.delete(id);
  if (!known) {
    store.happened({ kind: "added", chatId: id });
    store.looseOf(id).isUncounted = store.isAsked(id);
  } else if (sync.reset) drop(store, chat, sync.rev);

  // Events of a later rev may have come first; then the sync is the older news of the two.
  if (!known || sync.rev > known.rev) {
    const lastSeq = Math.max(sync.chat.last_seq, sync.messages.at(-1)?.seq ?? 0);
    chat = { ...chat, rev: sync.rev, chat: { ...sync.chat, rev: sync.rev, last_seq: lastSeq, read_seq: chat.mine.read_seq } };
  }
  if (!known || sync.rev >= known.rev) {
    chat = { ...chat, members: meet(chat.members, sync, !known || sync.reset || store.looseOf(id).isNew) };
  }
  store.put(chat);
  for (const message of sync.messages) store.keep(chat, message, null);
  rename(store, chat, new Map(sync.users.map((person) => [person.id, person])));
  store.happened({ kind: "chat", chatId: id });
  store.applyHeld(id);

  // A sync that nobody asked for does not say what waits for me.
  if (!store.isAsked(id) && !tryRecount(store, id)) store.question(id);
}

/** Everything that the sync does not bring again, messages that came after it excepted. */
function drop(store: SyncStore, chat: LiveChat, rev: number): void {
  if (chat.messages.size > 0) store.happened({ kind: "reset", chatId: chat.chat.id });
  for (const [seq, message] of chat.messages) if (message.rev <= rev) chat.messages.delete(seq);
}

/** Who is in the chat: all of them, or who came and went since; of a large one, and of a channel to its readers, nobody says. */
function meet(known: LiveChat["members"], sync: ChatSync, isWhole: boolean): LiveChat["members"] {
  if (sync.chat.member_count > smallChat || (isWhole && !sync.members)) return null;
  if (!isWhole && !known) return null;
  const members = new Map<UserId, SyncMember>(isWhole ? [] : known);
  for (const member of sync.members ?? []) {
    if (member.left) members.delete(member.user.id);
    else members.set(member.user.id, member);
  }
  return members;
}

/** What is mine of it is not in an event, and the name of a direct chat is the other's. */
export function updateChat(store: SyncStore, chat: LiveChat, view: Chat | null): void {
  let shown = chat.chat;
  if (view) {
    const named = view.type !== "direct" && view.type !== "saved";
    shown = {
      ...shown,
      name: named ? view.name : shown.name,
      avatar_url: named ? view.avatar_url : shown.avatar_url,
      description: view.description,
      public: view.public,
      member_count: view.member_count,
      permissions: view.permissions,
    };
  }
  store.put({ ...chat, chat: shown });
  store.happened({ kind: "chat", chatId: chat.chat.id });
}

export function meetMember(store: SyncStore, chat: LiveChat, happened: MemberFrame): void {
  const left = happened.type === "member.left";
  const { user_id: id } = happened;
  let members = chat.members;
  if (members) {
    const changed = new Map(members);
    if (left) changed.delete(id);
    else changed.set(id, { user: happened.user, role: happened.role, joined_at: happened.joined_at });
    members = changed;
  }
  store.put({
    ...chat,
    members,
    peers: left ? without(chat.peers, id) : happened.type === "member.joined" ? welcome(store, chat, happened) : chat.peers,
    chat: { ...chat.chat, member_count: happened.member_count, my_role: id === store.me && !left ? happened.role : (chat.chat.my_role ?? null) },
  });
  store.happened({ kind: "chat", chatId: chat.chat.id });
}

const without = (peers: LiveChat["peers"], id: UserId): LiveChat["peers"] => {
  const rest = new Map(peers);
  rest.delete(id);
  return rest;
};

/** Who comes in, also a second time, counts as having read what was there before. */
function welcome(store: SyncStore, chat: LiveChat, joined: MemberFrame): LiveChat["peers"] {
  if (joined.user_id === store.me || joined.member_count > smallChat || chat.chat.type === "channel") return chat.peers;
  const marks: PeerMarks = { read: chat.chat.last_seq, delivered: chat.chat.last_seq };
  return new Map(chat.peers).set(joined.user_id, marks);
}

/** The people of the cards are shown under their newest name wherever they appear. */
function rename(store: SyncStore, chat: LiveChat, people: ReadonlyMap<UserId, Person>): boolean {
  let changed = false;
  for (const message of chat.messages.values()) {
    const now = renamed(message, people);
    if (!now) continue;
    changed = true;
    chat.messages.set(now.seq, now);
  }
  if (changed) store.happened({ kind: "chat", chatId: chat.chat.id });
  return changed;
}

export function renamePerson(store: SyncStore, person: Person): void {
  const people = new Map([[person.id, person]]);
  for (const [id, chat] of store.state.chats) {
    rename(store, chat, people);
    let now = chat;
    const member = chat.members?.get(person.id);
    if (member) now = { ...now, members: new Map(chat.members).set(person.id, { ...member, user: person }) };
    const { peer } = chat.chat;
    if (peer?.id === person.id) {
      const { username, name, avatar_url } = person;
      now = { ...now, chat: { ...now.chat, name, avatar_url, peer: { ...peer, username, name, avatar_url } } };
    }
    if (now === chat) continue;
    store.put(now);
    store.happened({ kind: "chat", chatId: id });
  }
  store.happened({ kind: "person", person });
}

/** How far a file of somebody's message is: no change that has a rev, and shown all the same. */
export function advanceFile(store: SyncStore, progress: FileFrame): void {
  const chat = store.state.chats.get(progress.chat_id);
  if (!chat) return;
  for (let seq = chat.chat.last_seq, looked = 0; looked < 500 && seq > 0; seq--, looked++) {
    const message = chat.messages.get(seq);
    const file = message?.files.find((one) => one.id === progress.file_id);
    if (!message || !file) continue;
    if (file.state !== "uploading" || progress.received <= file.received_bytes) return;
    const files = message.files.map((one) => (one === file ? { ...file, received_bytes: progress.received } : one));
    chat.messages.set(seq, { ...message, files });
    store.happened({ kind: "chat", chatId: progress.chat_id });
    return;
  }
}
