import { useEffect, useState } from "preact/hooks";
import { errorText, t } from "../../app";
import type { Chat } from "../../core/api/types";
import { paths } from "../../core/places";
import { talk } from "../../talk";
import { AppBar } from "../../ui/AppBar";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { back, go } from "../../ui/router";
import { Message } from "../../ui/Screen";
import { SearchField } from "../../ui/SearchField";
import { RowSkeletons } from "../../ui/Skeletons";
import { usePaged } from "../../ui/usePaged";
import { openDialog } from "../shell/dialogs";
import { ChatTile } from "./ChatTile";

/** Rooms and channels that anybody here may come into. */
export function Discover() {
  const [query, setQuery] = useState("");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(query.trim()), 250);
    return () => clearTimeout(timer);
  }, [query]);
  const found = usePaged<Chat>((cursor) => talk().chats.discover(asked, cursor), [asked]);
  return (
    <div class="pane-inner">
      <AppBar title={t("discover.title")} onBack={() => back(paths.chats)} />
      <div class="pane-search"><SearchField label={t("search.label")} value={query} onInput={setQuery} /></div>
      <div class="pane-scroll">
        {found.error !== null && <Message inner title={errorText(found.error)} action={t("action.retry")} onAction={found.reload} />}
        {found.items === null && found.error === null && <RowSkeletons />}
        {found.items?.length === 0 && (
          <Empty icon="compass" title={asked ? t("search.none") : t("discover.none")}>
            {!asked && <Button kind="tonal" icon="add" onClick={() => openDialog({ name: "new", kind: "room" })}>{t("new.room")}</Button>}
          </Empty>
        )}
        <ul class="rows">{found.items?.map((chat) => <li key={chat.id}><ChatTile chat={chat} onClick={() => go(paths.chat(chat.id))} /></li>)}</ul>
        {found.more && <div class="pad"><Button kind="tonal" wide busy={found.busy} onClick={found.next}>{t("devices.more")}</Button></div>}
      </div>
    </div>
  );
}
