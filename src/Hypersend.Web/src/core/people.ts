import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals-core";
import type { ChatId, PageOfUser, Person, User, UserId } from "./api/types";
import type { Hub } from "./live/hub";
import type { People, Presence, PresenceStatus } from "./model";

const typingLastsMs = 6_000;
const sayTypingEveryMs = 3_000;
const stopTypingAfterMs = 5_000;
const unknown: Presence = { status: "offline", online: false, lastSeen: null };

export function createPeople(hub: Hub, me: ReadonlySignal<User | null>): People {
  const known = new Map<UserId, Signal<Person | null>>();
  const presences = new Map<UserId, Signal<Presence>>();
  const typing = new Map<ChatId, Signal<ReadonlyMap<UserId, () => void>>>();
  const views = new Map<ChatId, ReadonlySignal<readonly Person[]>>();
  const said = new Map<ChatId, { at: number; stop: () => void }>();
  const watched = new Map<string, readonly UserId[]>();
  let watching = "";

  const slot = <K, V>(map: Map<K, Signal<V>>, key: K, empty: V): Signal<V> => {
    let found = map.get(key);
    if (!found) map.set(key, (found = signal(empty)));
    return found;
  };
  const personOf = (id: UserId): Signal<Person | null> => slot(known, id, null);
  const presenceOf = (id: UserId): Signal<Presence> => slot(presences, id, unknown);
  const typingIn = (id: ChatId) => slot<ChatId, ReadonlyMap<UserId, () => void>>(typing, id, new Map());

  const same = (a: Person, b: Person | null): boolean => b !== null && a.name === b.name && a.username === b.username && a.avatar_url === b.avatar_url;
  function meet(person: Person): void {
    const slotOf = personOf(person.id);
    const { id, username, name, avatar_url } = person;
    if (!same(person, slotOf.peek())) slotOf.value = { id, username, name, avatar_url };
  }
  function meetUser(user: User): User {
    meet(user);
    presenceOf(user.id).value = presenceFrom(user.presence, user.last_seen);
    return user;
  }
  const metPage = async (page: Promise<PageOfUser>): Promise<PageOfUser> => {
    const { items, next_cursor } = await page;
    items.forEach(meetUser);
    return { items, next_cursor: next_cursor ?? null };
  };

  function hears(chatId: ChatId, userId: UserId, on: boolean): void {
    if (userId === hub.me.id) return;
    const now = new Map(typingIn(chatId).peek());
    now.get(userId)?.();
    now.delete(userId);
    if (on) now.set(userId, hub.clock.after(typingLastsMs, () => hears(chatId, userId, false)));
    typingIn(chatId).value = now;
  }

  function meetChat(id: ChatId): void {
    const chat = hub.store.state.chats.get(id);
    if (chat?.chat.peer) {
      const before = presences.has(chat.chat.peer.id);
      meet(chat.chat.peer);
      if (!before) meetUser(chat.chat.peer);
    }
    for (const member of chat?.members?.values() ?? []) meet(member.user);
  }

  hub.on((events) => {
    for (const event of events) {
      switch (event.kind) {
        case "person":
          meet(event.person);
          break;
        case "message":
          meet(event.message.sender);
          // Who has just said something is not writing it any more.
          if (!event.before && typingIn(event.chatId).peek().has(event.message.sender.id)) hears(event.chatId, event.message.sender.id, false);
          break;
        case "added":
        case "chat":
          meetChat(event.chatId);
          break;
        case "typing":
          hears(event.chatId, event.userId, event.on);
          break;
        case "presence":
          presenceOf(event.presence.user_id).value = presenceFrom(event.presence.status, event.presence.last_seen);
          break;
      }
    }
  });

  function watchAll(): void {
    const ids = [...new Set([...watched.values()].flat())].sort();
    const wanted = ids.join();
    if (wanted === watching) return;
    watching = wanted;
    hub.watch(ids);
  }

  const call = hub.api;
  const path = (id: UserId, rest = ""): string => `/users/${encodeURIComponent(id)}${rest}`;
  const paged = (base: string, cursor?: string | null): Promise<PageOfUser> =>
    metPage(call<PageOfUser>({ path: cursor ? `${base}${base.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}` : base }));
  const circle = (name: string) => (id: UserId, on: boolean) => call<void>({ method: on ? "POST" : "DELETE", path: path(id, name) });

  return {
    me,
    person: personOf,
    presence: presenceOf,
    typing(chatId) {
      let view = views.get(chatId);
      if (!view) {
        const here = typingIn(chatId);
        views.set(chatId, (view = computed(() => [...here.value.keys()].flatMap((id) => personOf(id).value ?? []))));
      }
      return view;
    },
    iType(chatId) {
      const now = hub.clock.now();
      const before = said.get(chatId);
      before?.stop();
      const at = before && now - before.at < sayTypingEveryMs ? before.at : now;
      if (at === now) hub.say({ type: "typing", chat_id: chatId, on: true });
      said.set(chatId, { at, stop: hub.clock.after(stopTypingAfterMs, () => this.iStopped(chatId)) });
    },
    iStopped(chatId) {
      const before = said.get(chatId);
      if (!before) return;
      before.stop();
      said.delete(chatId);
      hub.say({ type: "typing", chat_id: chatId, on: false });
    },
    watch(owner, ids) {
      if (ids.length > 0) watched.set(owner, ids);
      else watched.delete(owner);
      watchAll();
    },
    setStatus: (status) => hub.setPresence(status),
    idle: (on) => hub.idle(on),
    load: async (id) => meetUser(await call<User>({ path: path(id) })),
    search: (query, cursor) => paged(`/users/search?q=${encodeURIComponent(query)}`, cursor),
    contacts: (cursor) => paged("/users/me/contacts", cursor),
    blocked: (cursor) => paged("/users/me/blocked", cursor),
    follow: circle("/follow"),
    block: circle("/block"),
  };
}

const presenceFrom = (status: PresenceStatus, lastSeen: string | null): Presence => ({ status, online: status !== "offline", lastSeen });
