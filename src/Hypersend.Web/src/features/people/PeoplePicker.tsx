import { useEffect, useState } from "preact/hooks";
import { t } from "../../app";
import type { User } from "../../core/api/types";
import { talk } from "../../talk";
import { Avatar } from "../../ui/Avatar";
import { Icon } from "../../ui/Icon";
import { SearchField } from "../../ui/SearchField";
import { RowSkeletons } from "../../ui/Skeletons";
import { isMe, nameOf } from "../messages/words";
import { PersonRow } from "./PersonRow";
import { useWatched } from "./useWatched";

/** Chooses people: one's contacts first, anybody of the server by typing. */
export function PeoplePicker({ chosen, hidden, onToggle, single }: {
  chosen: readonly User[];
  /** Who is not offered (already members). */
  hidden?: ReadonlySet<string>;
  onToggle: (user: User) => void;
  single?: boolean;
}) {
  const [query, setQuery] = useState("");
  const [found, setFound] = useState<readonly User[] | null>(null);
  const wanted = query.trim();
  useEffect(() => {
    let current = true;
    const { people } = talk();
    const timer = setTimeout(() => {
      const asked = wanted.length >= 2 ? people.search(wanted) : people.contacts();
      asked.then((page) => current && setFound(page.items), () => current && setFound([]));
    }, wanted ? 250 : 0);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [wanted]);
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
        {found === null && <RowSkeletons count={4} />}
        {found !== null && offered.length === 0 && <p class="soft pad">{wanted.length >= 2 ? t("search.none") : t("people.hint")}</p>}
        <ul class="rows">
          {offered.map((user) => (
            <li key={user.id}>
              <PersonRow person={user} selected={chosen.some((one) => one.id === user.id)} onClick={() => onToggle(user)} />
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
