import { useState } from "preact/hooks";
import { errorText, t } from "../../app";
import type { User } from "../../core/api/types";
import { paths } from "../../core/places";
import { talk } from "../../talk";
import { AppBar } from "../../ui/AppBar";
import { Button, IconButton } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { back } from "../../ui/router";
import { Message } from "../../ui/Screen";
import { SearchField } from "../../ui/SearchField";
import { RowSkeletons } from "../../ui/Skeletons";
import { useCalm } from "../../ui/useCalm";
import { usePaged } from "../../ui/usePaged";
import { matches } from "../chats/filters";
import { isMe } from "../messages/words";
import { openDialog } from "../shell/dialogs";
import { openPerson, writeTo } from "./openPerson";
import { isSearch } from "./PeoplePicker";
import { PersonRow } from "./PersonRow";
import { useWatched } from "./useWatched";

const nobody = Promise.resolve({ items: [], next_cursor: null });

export function Contacts() {
  const [query, setQuery] = useState("");
  const contacts = usePaged<User>((cursor) => talk().people.contacts(cursor), []);
  const shown = (contacts.items ?? []).filter((user) => matches(`${user.name} ${user.username}`, query));
  // Whom I look for here need not be among them yet.
  const asked = useCalm(query);
  const found = usePaged<User>((cursor) => (isSearch(asked) ? talk().people.search(asked, cursor) : nobody), [asked]);
  const mine = new Set((contacts.items ?? []).map((user) => user.id));
  const others = isSearch(query.trim()) ? (found.items ?? []).filter((user) => !mine.has(user.id) && !isMe(user)) : [];
  useWatched("contacts", [...shown, ...others].map((user) => user.id));
  const error: unknown = contacts.error ?? found.error;
  return (
    <div class="pane-inner">
      <AppBar title={t("contacts.title")} onBack={() => back(paths.chats)}>
        <IconButton icon="personAdd" label={t("new.direct")} onClick={() => openDialog({ name: "new", kind: "direct" })} />
      </AppBar>
      <div class="pane-search"><SearchField label={t("people.search")} value={query} onInput={setQuery} /></div>
      <div class="pane-scroll">
        {error !== null && <Message inner title={errorText(error)} action={t("action.retry")} onAction={contacts.error !== null ? contacts.reload : found.reload} />}
        {contacts.items === null && contacts.error === null && <RowSkeletons />}
        {query.trim() !== "" && shown.length === 0 && others.length === 0 && error === null && asked === query.trim() && !found.busy && (
          <Empty icon="people" title={isSearch(asked) ? t("search.none") : t("people.hint")} />
        )}
        {contacts.items?.length === 0 && query.trim() === "" && (
          <Empty icon="people" title={t("contacts.none")}>
            <Button kind="tonal" icon="personAdd" onClick={() => openDialog({ name: "new", kind: "direct" })}>{t("people.search")}</Button>
          </Empty>
        )}
        <People people={shown} />
        {contacts.more && <div class="pad"><Button kind="tonal" wide busy={contacts.busy} onClick={contacts.next}>{t("devices.more")}</Button></div>}
        {others.length > 0 && <h2 class="rows-head">{t("filter.direct")}</h2>}
        <People people={others} />
        {others.length > 0 && found.more && <div class="pad"><Button kind="tonal" wide busy={found.busy} onClick={found.next}>{t("devices.more")}</Button></div>}
      </div>
    </div>
  );
}

function People({ people }: { people: readonly User[] }) {
  return (
    <ul class="rows">
      {people.map((user) => (
        <li key={user.id}>
          <PersonRow person={user} onClick={() => writeTo(user.id)}>
            <IconButton icon="info" label={t("details.open", { name: user.name })} onClick={() => openPerson(user.id)} />
          </PersonRow>
        </li>
      ))}
    </ul>
  );
}
