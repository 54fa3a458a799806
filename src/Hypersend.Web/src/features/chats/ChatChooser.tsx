import { useState } from "preact/hooks";
import { t } from "../../app";
import type { ChatEntry } from "../../core/model";
import { talk } from "../../talk";
import { SearchField } from "../../ui/SearchField";
import { chatName } from "./chatName";
import { ChatTile } from "./ChatTile";
import { matches } from "./filters";

/** My chats to choose from, by typing and arrows. */
export function ChatChooser({ allowed, chosen, onPick }: {
  allowed?: (chat: ChatEntry) => boolean;
  chosen?: ReadonlySet<string>;
  onPick: (chat: ChatEntry) => void;
}) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const shown = talk().chats.chats.value.filter((chat) => (allowed?.(chat) ?? true) && matches(`${chatName(chat)} ${chat.peer?.username ?? ""}`, query)).slice(0, 40);
  return (
    <div class="people-picker">
      <SearchField
        label={t("search.label")}
        value={query}
        focus
        onInput={(value) => {
          setQuery(value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setAt(Math.min(at + 1, shown.length - 1));
          else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
          else if (event.key === "Enter" && shown[at]) onPick(shown[at]);
          else return;
          event.preventDefault();
        }}
      />
      <div class="picker-list tall">
        {shown.length === 0 && <p class="soft pad">{t("search.none")}</p>}
        <ul class="rows">
          {shown.map((chat, index) => (
            <li key={chat.id} class={index === at ? "at" : undefined}>
              <ChatTile chat={chat} {...(chosen ? { selected: chosen.has(chat.id) } : {})} onClick={() => onPick(chat)} />
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
