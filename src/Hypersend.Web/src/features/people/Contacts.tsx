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
import { usePaged } from "../../ui/usePaged";
import { matches } from "../chats/filters";
import { openDialog } from "../shell/dialogs";
import { openPerson, writeTo } from "./openPerson";
import { PersonRow } from "./PersonRow";
import { useWatched } from "./useWatched";

export function Contacts() {
  const [query, setQuery] = useState("");
  const contacts = usePaged<User>((cursor) => talk().people.contacts(cursor), []);
  const shown = (contacts.items ?? []).filter((user) => matches(`${user.name} ${user.username}`, query));
  useWatched("contacts", shown.map((user) => user.id));
  return (
    <div class="pane-inner">
      <AppBar title={t("contacts.title")} onBack={() => back(paths.chats)}>
        <IconButton icon="personAdd" label={t("new.direct")} onClick={() => openDialog({ name: "new", kind: "direct" })} />
      </AppBar>
      <div class="pane-search"><SearchField label={t("people.search")} value={query} onInput={setQuery} /></div>
      <div class="pane-scroll">
        {contacts.error !== null && <Message inner title={errorText(contacts.error)} action={t("action.retry")} onAction={contacts.reload} />}
        {contacts.items === null && contacts.error === null && <RowSkeletons />}
        {contacts.items?.length === 0 && (
          <Empty icon="people" title={t("contacts.none")}>
            <Button kind="tonal" icon="personAdd" onClick={() => openDialog({ name: "new", kind: "direct" })}>{t("people.search")}</Button>
          </Empty>
        )}
        <ul class="rows">
          {shown.map((user) => (
            <li key={user.id}>
              <PersonRow person={user} onClick={() => writeTo(user.id)}>
                <IconButton icon="info" label={t("details.open", { name: user.name })} onClick={() => openPerson(user.id)} />
              </PersonRow>
            </li>
          ))}
        </ul>
        {contacts.more && <div class="pad"><Button kind="tonal" wide busy={contacts.busy} onClick={contacts.next}>{t("devices.more")}</Button></div>}
      </div>
    </div>
  );
}
