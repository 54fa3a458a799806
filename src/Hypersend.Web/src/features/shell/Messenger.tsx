import { useEffect, useRef, useState } from "preact/hooks";
import { errorText, t } from "../../app";
import type { Chat } from "../../core/api/types";
import type { ChatEntry } from "../../core/model";
import { paths, placeOf, type Place } from "../../core/places";
import { isOffline, Problem } from "../../core/problem";
import { talk } from "../../talk";
import { AppBar } from "../../ui/AppBar";
import { Confirmations } from "../../ui/Confirm";
import { Icon } from "../../ui/Icon";
import { lazy } from "../../ui/Lazy";
import { Menus } from "../../ui/Menu";
import { back, go, path } from "../../ui/router";
import { Message, Waiting } from "../../ui/Screen";
import { usePanes } from "../../ui/useWide";
import { ChatList } from "../chats/ChatList";
import { chatName } from "../chats/chatName";
import { Absent } from "../messages/Absent";
import { Conversation } from "../messages/Conversation";
import { Dialogs } from "./Dialogs";
import { hearKeys } from "./shortcuts";
import "../../styles/parts.css";
import "./shell.css";
import "../chats/chats.css";
import "../messages/messages.css";
import "../messages/composer.css";
import "../files/files.css";
import "../messages/album.css";

const inner = (): preact.JSX.Element => <Waiting inner />;
const Archive = lazy(() => import("./lazyPanes").then((m) => m.Archive), inner);
const Bookmarks = lazy(() => import("./lazyPanes").then((m) => m.Bookmarks), inner);
const ChatDetails = lazy(() => import("./lazyPanes").then((m) => m.ChatDetails), inner);
const Contacts = lazy(() => import("./lazyPanes").then((m) => m.Contacts), inner);
const Discover = lazy(() => import("./lazyPanes").then((m) => m.Discover), inner);
const JoinByLink = lazy(() => import("./lazyPanes").then((m) => m.JoinByLink), inner);
const PersonPane = lazy(() => import("./lazyPanes").then((m) => m.PersonPane), inner);
const SearchScreen = lazy(() => import("./lazyPanes").then((m) => m.SearchScreen), inner);
const ShareIn = lazy(() => import("./lazyPanes").then((m) => m.ShareIn), inner);
const ThreadPane = lazy(() => import("./lazyPanes").then((m) => m.ThreadPane), inner);

/** One pane on a phone, two from 600 px, three from 1024: the list, the conversation, and what is known about it. */
export function Messenger() {
  const panes = usePanes();
  const place = placeOf(path.value);
  // Beside contacts or a search the conversation that was open stays open.
  const [lastChat, setLastChat] = useState<string | null>(null);
  const here = place.name === "chat" ? place.chat : null;
  useEffect(() => {
    if (here) setLastChat(here);
    else if (place.name === "chats") setLastChat(null);
  }, [here, place.name]);
  useEffect(() => {
    addEventListener("keydown", hearKeys);
    return () => removeEventListener("keydown", hearKeys);
  }, []);
  const chat = here ?? lastChat;
  const side = place.name === "person" || (place.name === "chat" && (place.details === true || place.thread !== undefined));
  const middle = place.name === "chat" || place.name === "join";
  const shows = {
    list: panes > 1 ? !(panes === 2 && side) || panes === 2 : !middle && !side,
    middle: panes > 1 ? !(panes === 2 && side) : middle && !side,
    side,
  };
  return (
    <div class="app" data-panes={panes} data-side={side && panes === 3 ? "" : undefined}>
      {shows.list && <div class="pane list-pane">{leftPane(place, chat)}</div>}
      {shows.middle && (
        <main id="content" class="pane main-pane" tabIndex={-1}>
          {place.name === "join"
            ? <JoinByLink token={place.token} />
            : chat ? <OpenChat key={chat} id={chat} target={place.name === "chat" ? (place.seq ?? null) : null} /> : <NoChat />}
        </main>
      )}
      {shows.side && (
        <aside class="pane side-pane" aria-label={t("details.title")} {...(shows.middle ? {} : { id: "content", tabIndex: -1 })}>
          {place.name === "person" ? <PersonPane key={place.user} id={place.user} /> : place.name === "chat" && <Side place={place} />}
        </aside>
      )}
      <Dialogs />
      <Menus />
      <Confirmations />
    </div>
  );
}

function leftPane(place: Place, chat: string | null) {
  switch (place.name) {
    case "archive":
      return <Archive />;
    case "contacts":
      return <Contacts />;
    case "discover":
      return <Discover />;
    case "search":
      return <SearchScreen />;
    case "bookmarks":
      return <Bookmarks />;
    case "share":
      return <ShareIn />;
    default:
      return <ChatList current={chat} />;
  }
}

/** A chat of mine, or a public one that is looked at before joining. */
function useChat(id: string): { chat: ChatEntry | null; last: ChatEntry | null; error: unknown; again: () => void } {
  const mine = talk().chats.chat(id).value;
  const last = useRef<ChatEntry | null>(null);
  if (mine) last.current = mine;
  const [found, setFound] = useState<Chat | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  // Of what is not in the list here only the server knows; when it cannot be asked that is said, and it is asked again when it can.
  const status = talk().status.value;
  const [away, setAway] = useState(false);
  useEffect(() => {
    if (status === "offline") setAway(true);
  }, [status]);
  const ready = talk().chats.ready.value || away;
  useEffect(() => {
    let current = true;
    const look = async (): Promise<void> => {
      const chat = await talk().chats.find(id);
      const hidden = chat.type === "direct" && chat.peer;
      // What was taken off the list while it lay open stays off it; one that is opened comes back, as it does from its person.
      if (hidden && last.current?.id === id) throw new Problem(404, "not_found");
      if (hidden && current) await talk().chats.openDirect(hidden.id);
      if (current) setFound(chat);
    };
    setError(null);
    if (!mine && ready) {
      look().catch((failure: unknown) => {
        if (!current) return;
        if (!isOffline(failure)) setFound(null);
        setError(failure);
      });
    }
    return () => {
      current = false;
    };
  }, [id, mine === null, ready, status === "live", round]);
  const again = (): void => setRound((n) => n + 1);
  if (mine) return { chat: mine, last: mine, error: null, again };
  return { chat: found && asVisitor(found), last: last.current?.id === id ? last.current : null, error, again };
}

const asVisitor = (chat: Chat): ChatEntry => ({
  ...chat, read_seq: chat.read_seq ?? 0, last_message: null, unread: 0, mentions: 0, pinned: false, muted: false, muted_until: null,
  archived: false, draft: null, active_at: chat.created_at, last_state: null, pending: 0, failed: false, last_waiting: null,
});

function OpenChat({ id, target }: { id: string; target: number | null }) {
  const { chat, last, error, again } = useChat(id);
  if (chat) return <Conversation key={chat.id} chat={chat} target={target} />;
  if (error) {
    return (
      <div class="pane-inner ground">
        <AppBar title={last ? chatName(last) : t("chats.title")} onBack={() => back(paths.chats)} />
        {isOffline(error) ? <Absent onAction={again} /> : <NotHere was={last !== null} error={error} again={again} />}
      </div>
    );
  }
  return <div class="pane-inner ground"><Waiting inner /></div>;
}

/** Mine a moment ago, or never. */
function NotHere({ was, error, again }: { was: boolean; error: unknown; again: () => void }) {
  return was && error instanceof Problem && !error.isTransient
    ? <Message inner title={t("chat.gone")} action={t("chats.title")} onAction={() => go(paths.chats, true)} />
    : <Message inner title={errorText(error)} action={t("action.retry")} onAction={again} />;
}

function Side({ place }: { place: Extract<Place, { name: "chat" }> }) {
  const { chat, last, error, again } = useChat(place.chat);
  if (!chat) return error ? <NotHere was={last !== null} error={error} again={again} /> : <Waiting inner />;
  return place.thread !== undefined ? <ThreadPane key={place.thread} chat={chat} seq={place.thread} /> : <ChatDetails key={chat.id} chat={chat} />;
}

function NoChat() {
  return (
    <div class="pane-inner ground centred">
      <h2 class="unseen">{t("chats.pick")}</h2>
      <p class="pill" aria-hidden="true"><Icon name="chat" small /> {t("chats.pick")}</p>
    </div>
  );
}
