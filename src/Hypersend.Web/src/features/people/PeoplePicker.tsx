import { useRef, useState } from "preact/hooks";
import { errorText, t } from "../../app";
import type { User } from "../../core/api/types";
import { talk } from "../../talk";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { ErrorNotice } from "../../ui/Notice";
import { SearchField } from "../../ui/SearchField";
import { RowSkeletons } from "../../ui/Skeletons";
import { useCalm } from "../../ui/useCalm";
import { usePaged } from "../../ui/usePaged";
import { isMe, nameOf } from "../messages/words";
import { PersonRow } from "./PersonRow";
import { useWatched } from "./useWatched";

/** The server looks for no less. */
export const isSearch = (words: string): boolean => [...words].length >= 2;

/** Chooses people: one's contacts first, anybody of the server by typing. */
export function PeoplePicker({ chosen, hidden, onToggle, single }: {
  chosen: readonly User[];
  /** Who is not offered (already members). */
  hidden?: ReadonlySet<string>;
  onToggle: (user: User) => void;
  single?: boolean;
}) {
  const [query, setQuery] = useState("");
  const asked = useCalm(query);
  const people = usePaged<User>((cursor) => (isSearch(asked) ? talk().people.search(asked, cursor) : talk().people.contacts(cursor)), [asked]);
  // Who was found before stays until there is something in their place.
  const before = useRef<readonly User[] | null>(null);
  const found = (before.current = people.items ?? (people.error === null ? before.current : null));
  const offered = (found ?? []).filter((user) => !isMe(user) && !hidden?.has(user.id));
  useWatched("picker", offered.map((user) => user.id));
  return (
    <div class="people-picker">
      {chosen.length > 0 && !single && (
        <ul class="chips">
          {chosen.map((user) => (
            <li key={user.id}>
              <button type="button" class="chip" onClick={() => onToggle(user)}>
                <Avatar user={user} size="tiny" /><bdi>{nameOf(user)}</bdi><Icon name="close" small />
                <span class="unseen">{t("action.remove")}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <SearchField label={t("people.search")} value={query} focus onInput={setQuery} />
      <div class="picker-list">
        {people.error !== null && (
          <div class="pad stack">
            <ErrorNotice text={errorText(people.error)} />
            <Button kind="tonal" onClick={people.reload}>{t("action.retry")}</Button>
          </div>
        )}
        {found === null && people.error === null && <RowSkeletons count={4} />}
        {found !== null && offered.length === 0 && !people.more && <p class="soft pad">{isSearch(asked) ? t("search.none") : t("people.hint")}</p>}
        <ul class="rows">
          {offered.map((user) => (
            <li key={user.id}>
              <PersonRow person={user} selected={chosen.some((one) => one.id === user.id)} onClick={() => onToggle(user)} />
            </li>
          ))}
        </ul>
        {found !== null && people.more && <div class="pad"><Button kind="tonal" wide busy={people.busy} onClick={people.next}>{t("devices.more")}</Button></div>}
      </div>
    </div>
  );
}
