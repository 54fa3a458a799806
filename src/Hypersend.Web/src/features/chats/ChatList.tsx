import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { errorText, i18n, session, t } from "../../app";
import type { ChatEntry } from "../../core/model";
import { paths } from "../../core/places";
import { talk } from "../../talk";
import { Avatar } from "../../ui/Avatar";
import { Button, IconButton } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { openMenu } from "../../ui/Menu";
import { go } from "../../ui/router";
import { SearchField } from "../../ui/SearchField";
import { toast } from "../../ui/Toast";
import { Segments } from "../../ui/Segments";
import { RowSkeletons } from "../../ui/Skeletons";
import { useGrowing } from "../../ui/useGrowing";
import { TransfersButton } from "../files/TransfersButton";
import { transfersOpen } from "../files/transfersOpen";
import { myStatus, openStatusMenu } from "../people/statusMenu";
import { useWatched } from "../people/useWatched";
import { openDialog } from "../shell/dialogs";
import { StatusLine } from "../shell/StatusLine";
import { ChatRow } from "./ChatRow";
import { chatName } from "./chatName";
import { filters, matches, passes, type Filter } from "./filters";
import { FoundElsewhere } from "./FoundElsewhere";
import { listPlace } from "./listPlace";

const lowestRow = 60;
const mostWatched = 200;

export function ChatList({ current }: { current: string | null }) {
  const { chats } = talk();
  const [filter, setFilter] = useState<Filter>("all");
  const scroller = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    // To set it is to have all of it laid out, at a moment when nothing is drawn yet.
    if (listPlace.top > 0) scroller.current!.scrollTop = listPlace.top;
  }, []);
  const [query, setQuery] = useState("");
  const all = chats.chats.value;
  const archived = all.filter((chat) => chat.archived);
  const open = all.filter((chat) => !chat.archived);
  // Sorted: that a chat moves up is no reason to ask again.
  useWatched("list", open.flatMap((chat) => (chat.peer ? [chat.peer.id] : [])).slice(0, mostWatched).sort());
  const searching = query.trim() !== "";
  const shown = searching ? all.filter((chat) => matches(chatName(chat), query)) : open.filter((chat) => passes(chat, filter));
  const drawn = useGrowing(shown.length, Math.ceil((innerHeight + listPlace.top) / lowestRow));
  return (
    <div class="pane-inner">
      <header class="bar list-bar">
        <MainMenu />
        <h1 class="unseen">{t("chats.title")}</h1>
        <SearchField
          label={t("search.label")}
          value={query}
          onInput={setQuery}
          onKeyDown={(event) => {
            if (event.key === "Escape") setQuery("");
            if (event.key === "Enter" && shown[0]) {
              go(paths.chat(shown[0].id));
              setQuery("");
            }
          }}
        />
        <TransfersButton />
      </header>
      <StatusLine />
      {!searching && (
        <Segments
          label={t("filter.title")}
          value={filter}
          choices={filters.map((value) => ({ value, text: t(`filter.${value}`), count: countOf(open, value) }))}
          onChange={setFilter}
        />
      )}
      <nav
        ref={scroller}
        class="pane-scroll"
        aria-label={t("chats.title")}
        onScroll={({ currentTarget }) => {
          // Of a part of the list the place means nothing for the whole.
          listPlace.top = filter === "all" && !searching ? currentTarget.scrollTop : 0;
        }}
      >
        {!chats.ready.value && all.length === 0 && <RowSkeletons count={9} />}
        {!searching && filter === "all" && archived.length > 0 && (
          <ul class="rows"><ArchiveRow chats={archived} /></ul>
        )}
        <ul class="rows" onKeyDown={walkRows}>{shown.slice(0, drawn).map((chat) => <ChatRow key={chat.id} chat={chat} current={chat.id === current} />)}</ul>
        {searching && <FoundElsewhere query={query} onDone={() => setQuery("")} />}
        {chats.ready.value && !searching && shown.every((chat) => filter === "all" && chat.type === "saved") && (
          filter === "all"
            ? (
              <Empty icon="chat" title={t("chats.none")}>
                <Button kind="tonal" icon="add" onClick={() => openDialog({ name: "new", kind: "direct" })}>{t("new.direct")}</Button>
              </Empty>
            )
            : <Empty icon="check" title={t("filter.none")} />
        )}
      </nav>
      <NewButton />
    </div>
  );
}

const countOf = (chats: readonly ChatEntry[], filter: Filter): string | undefined => {
  if (filter === "all") return undefined;
  const count = chats.filter((chat) => !chat.muted && chat.unread > 0 && passes(chat, filter)).length;
  return count > 0 ? i18n.number(count) : undefined;
};

function ArchiveRow({ chats }: { chats: readonly ChatEntry[] }) {
  const unread = chats.reduce((sum, chat) => sum + chat.unread, 0);
  return (
    <li class="chat-row">
      <Link to={paths.archive} className="row-link">
        <span class="avatar-frame"><span class="avatar plain-avatar"><Icon name="archive" /></span></span>
        <span class="row-text">
          <span class="row-line"><span class="row-name">{t("archive.title")}</span></span>
          <span class="row-line">
            <span class="row-preview one-line">{chats.slice(0, 4).map(chatName).join(", ")}</span>
            {unread > 0 && <span class="row-end"><span class="count quiet">{i18n.number(unread)}</span></span>}
          </span>
        </span>
      </Link>
    </li>
  );
}

/** It is in the list from its first use on, and then needs no server to be opened. */
function openSaved(): void {
  const { chats } = talk();
  const mine = chats.chats.peek().find((chat) => chat.type === "saved");
  if (mine) go(paths.chat(mine.id));
  else chats.create({ type: "saved" }).then((chat) => go(paths.chat(chat.id)), (error: unknown) => toast(errorText(error)));
}

function MainMenu() {
  const user = session.user.value;
  if (!user) return null;
  const status = myStatus();
  return (
    <button
      type="button"
      class="icon-button me-button"
      aria-label={t("menu.title")}
      title={t("menu.title")}
      aria-haspopup="menu"
      onClick={({ currentTarget }) => openMenu({
        label: t("menu.title"),
        at: currentTarget,
        items: [
          { icon: "person", text: `${t("presence.status")}: ${t(`presence.${status}`)}`, run: () => openStatusMenu(currentTarget) },
          { icon: "bookmark", text: t("chat.saved"), run: openSaved },
          { icon: "pin", text: t("bookmarks.title"), run: () => go(paths.bookmarks) },
          { icon: "people", text: t("contacts.title"), run: () => go(paths.contacts) },
          { icon: "compass", text: t("discover.title"), run: () => go(paths.discover) },
          { icon: "search", text: t("search.label"), run: () => go(paths.search) },
          { icon: "arrowUp", text: t("transfers.title"), run: () => (transfersOpen.value = true) },
          { icon: "settings", text: t("settings.title"), run: () => go(paths.settings()) },
          user.role === "admin" && { icon: "shield", text: t("admin.title"), run: () => go(paths.admin()) },
          { icon: "keyboard", text: t("keys.title"), run: () => openDialog({ name: "shortcuts" }) },
        ],
      })}
    >
      <Avatar user={user} size="small" presence={status === "online" ? null : { status, online: true }} />
    </button>
  );
}

function NewButton() {
  return (
    <span class="fab">
      <IconButton
        icon="edit"
        label={t("new.title")}
        onClick={() => openMenu({
          label: t("new.title"),
          at: document.querySelector(".fab")!,
          items: [
            { icon: "person", text: t("new.direct"), run: () => openDialog({ name: "new", kind: "direct" }) },
            { icon: "people", text: t("new.group"), run: () => openDialog({ name: "new", kind: "group" }) },
            { icon: "channel", text: t("new.channel"), run: () => openDialog({ name: "new", kind: "channel" }) },
            { icon: "room", text: t("new.room"), run: () => openDialog({ name: "new", kind: "room" }) },
          ],
        })}
      />
    </span>
  );
}

/** Up and Down go from row to row; Tab leaves the list. */
function walkRows(event: KeyboardEvent): void {
  if (event.altKey || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  const rows = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>(".row-link")];
  const at = rows.findIndex((row) => row.parentElement?.contains(document.activeElement));
  event.preventDefault();
  rows[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
}
