import { computed, type ReadonlySignal } from "@preact/signals-core";
import type { Chat, ChatId, ChatInvite, ChatMember, ChatSettings, InvitedChat, PageOfChat, PageOfChatBan, PageOfChatInvite, PageOfChatMember } from "./api/types";
import type { Drafts } from "./drafts";
import type { Hub } from "./live/hub";
import { newestOf, type LiveChat } from "./live/state";
import type { ChatEntry, Chats, Member } from "./model";
import { sendStateOf } from "./sendState";
import { storable } from "./storableText";

/** Half a century: what "for ever" is to a field that holds a time. */
const forever = "2076-01-01T00:00:00.000Z";

/** An entry, and what it was made of. */
interface Known {
  readonly chat: LiveChat;
  readonly version: number;
  readonly draft: string | undefined;
  readonly mutedUntil: number;
  readonly stamp: string;
  readonly entry: ChatEntry;
}

export function createChats(hub: Hub, drafts: Drafts): Chats {
  const call = hub.api;
  const get = <T>(path: string): Promise<T> => call<T>({ path });
  const post = <T>(path: string, body: object = {}): Promise<T> => call<T>({ method: "POST", path, body });
  const put = <T>(path: string, body: object): Promise<T> => call<T>({ method: "PUT", path, body });
  const del = (path: string): Promise<void> => call<void>({ method: "DELETE", path });
  const at = (id: ChatId, rest = ""): string => `/chats/${encodeURIComponent(id)}${rest}`;
  const page = (path: string, cursor: string | null | undefined): string =>
    cursor ? `${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}` : path;

  const entries = new Map<ChatId, Known>();
  let order: readonly ChatId[] = [];
  const views = new Map<ChatId, ReadonlySignal<ChatEntry | null>>();
  const memberViews = new Map<ChatId, ReadonlySignal<readonly Member[] | null>>();

  /** The same object until something in it changes, so that a list of thousands redraws one row. */
  function entryOf(id: ChatId): ChatEntry | null {
    const chat = hub.store.state.chats.get(id);
    if (!chat) {
      entries.delete(id);
      return null;
    }
    const known = entries.get(id);
    const version = hub.version(id).peek();
    const typed = drafts.texts.value.get(id);
    const muted = (until: number): boolean => until > hub.serverNow();
    if (known && known.chat === chat && known.version === version && known.draft === typed && muted(known.mutedUntil) === known.entry.muted) return known.entry;
    const waiting = hub.outbox.value.filter((entry) => entry.chatId === id);
    const newest = newestOf(chat);
    const draft = typed ?? chat.mine.draft;
    const failed = waiting.some((entry) => entry.state === "failed");
    const mutedUntil = chat.mine.muted_until ? Date.parse(chat.mine.muted_until) : 0;
    const stamp = `${newest?.rev}:${newest?.sender.name}:${draft}:${waiting.length}:${failed}:${waiting.at(-1)?.createdAt}:${muted(mutedUntil)}`;
    const made = { chat, version, draft: typed, mutedUntil, stamp };
    if (known && known.chat === chat && known.stamp === stamp) {
      entries.set(id, { ...made, entry: known.entry });
      return known.entry;
    }
    const activeAt = newest?.created_at ?? chat.chat.created_at;
    const pendingAt = waiting.at(-1)?.createdAt;
    const entry: ChatEntry = {
      ...chat.chat,
      ...chat.mine,
      draft: draft || null,
      muted: muted(mutedUntil),
      last_message: newest,
      active_at: pendingAt && pendingAt > activeAt ? pendingAt : activeAt,
      last_state: newest && newest.sender.id === hub.me.id && newest.type !== "system" ? sendStateOf(chat, newest) : null,
      pending: waiting.length,
      failed,
      last_waiting: waiting.findLast((one) => one.sendAt === null && one.createdAt > activeAt) ?? null,
    };
    entries.set(id, { ...made, entry });
    return entry;
  }

  const chats = computed<readonly ChatEntry[]>(() => {
    void hub.list.value;
    void drafts.texts.value;
    // In the order of the last time, for what is nearly sorted is sorted quickly.
    const { chats: live } = hub.store.state;
    const before = new Set(order);
    const ids = [...order.filter((id) => live.has(id)), ...[...live.keys()].filter((id) => !before.has(id))];
    const all = ids.flatMap((id) => entryOf(id) ?? []);
    all.sort((a, b) => Number(b.pinned) - Number(a.pinned) || (a.active_at < b.active_at ? 1 : a.active_at > b.active_at ? -1 : a.id < b.id ? 1 : -1));
    order = all.map((entry) => entry.id);
    return all;
  });

  const settings = async (id: ChatId, change: object): Promise<void> => {
    const said = await put<ChatSettings>(at(id, "/settings"), change);
    const chat = hub.store.state.chats.get(id);
    if (!chat) return;
    const { muted_until, pinned, archived } = said;
    // Shown at once; the event that every tab gets says the same.
    hub.store.put({ ...chat, mine: { ...chat.mine, muted_until, pinned, archived } });
    hub.touch(id);
  };

  async function met(answer: Promise<Chat>): Promise<Chat> {
    const chat = await answer;
    if (chat.my_role) hub.meet(chat);
    return chat;
  }

  return {
    chats,
    ready: computed(() => {
      void hub.list.value;
      return hub.store.state.chats.size > 0 || hub.status.value === "live";
    }),
    unread: computed(() => chats.value.reduce((sum, chat) => sum + (chat.muted || chat.archived ? chat.mentions : chat.unread), 0)),
    chat(id) {
      let view = views.get(id);
      if (!view) {
        const version = hub.version(id);
        views.set(id, (view = computed(() => {
          void version.value;
          void drafts.texts.value;
          return entryOf(id);
        })));
      }
      return view;
    },
    members(id) {
      let view = memberViews.get(id);
      if (!view) {
        const version = hub.version(id);
        memberViews.set(id, (view = computed(() => {
          void version.value;
          const members = hub.store.state.chats.get(id)?.members;
          return members ? [...members.values()].map(({ user, role, joined_at }) => ({ ...user, role, joined_at })) : null;
        })));
      }
      return view;
    },
    find: (id) => get<Chat>(at(id)),
    create: (chat) => met(post<Chat>("/chats", chat)),
    openDirect: (user) => met(post<Chat>("/chats", { type: "direct", member_ids: [user] })),
    discover: (query, cursor) => get<PageOfChat>(page(`/chats/discover?q=${encodeURIComponent(query)}`, cursor)),
    join: (id) => met(post<Chat>(at(id, "/join"))),
    invited: (token) => get<InvitedChat>(`/chats/invites/${encodeURIComponent(token)}`),
    joinByInvite: (token) => met(post<Chat>("/chats/join", { token })),
    leave: (id) => post<void>(at(id, "/leave")),
    remove: (id) => del(at(id)),
    change: (id, change) => put<Chat>(at(id), change),
    loadMembers: (id, cursor) => get<PageOfChatMember>(page(at(id, "/members"), cursor)),
    addMembers: async (id, users) => void (await post<PageOfChatMember>(at(id, "/members"), { user_ids: users })),
    removeMember: (id, user) => del(at(id, `/members/${encodeURIComponent(user)}`)),
    setRole: async (id, user, role) => void (await put<ChatMember>(at(id, `/members/${encodeURIComponent(user)}`), { role })),
    bans: (id, cursor) => get<PageOfChatBan>(page(at(id, "/bans"), cursor)),
    ban: (id, user) => post<void>(at(id, `/bans/${encodeURIComponent(user)}`)),
    unban: (id, user) => del(at(id, `/bans/${encodeURIComponent(user)}`)),
    invites: async (id) => (await get<PageOfChatInvite>(at(id, "/invites"))).items,
    invite: (id, limits = {}) => post<ChatInvite>(at(id, "/invites"), limits),
    revokeInvite: (id, token) => del(at(id, `/invites/${encodeURIComponent(token)}`)),
    pin: (id, on) => settings(id, { pinned: on }),
    archive: (id, on) => settings(id, { archived: on }),
    mute: (id, until) => settings(id, { muted_until: until === "forever" ? forever : (until?.toISOString() ?? null) }),
    draft: (id, text) => drafts.write(id, storable(text)),
    read: (id, seq) => hub.read(id, seq),
  };
}
