import { useEffect, useState } from "preact/hooks";
import { t } from "../../app";
import type { Chat, User } from "../../core/api/types";
import { paths } from "../../core/places";
import { talk } from "../../talk";
import { go } from "../../ui/router";
import { PersonRow } from "../people/PersonRow";
import { writeTo } from "../people/openPerson";
import { openSearch } from "../search/searchState";
import { ChatTile } from "./ChatTile";

const waitMs = 250;

/** Below my own chats: people and public places of the server, and the way into the messages. */
export function FoundElsewhere({ query, onDone }: { query: string; onDone: () => void }) {
  const [people, setPeople] = useState<readonly User[]>([]);
  const [places, setPlaces] = useState<readonly Chat[]>([]);
  const wanted = query.trim();
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      const { chats, people: everybody } = talk();
      // Either may fail without taking the other one along; my own chats are there anyway.
      if (wanted.length >= 2) everybody.search(wanted).then((page) => current && setPeople(page.items), () => current && setPeople([]));
      else setPeople([]);
      chats.discover(wanted).then((page) => current && setPlaces(page.items), () => current && setPlaces([]));
    }, waitMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [wanted]);
  const mine = new Set(talk().chats.chats.value.map((chat) => chat.id));
  const others = places.filter((chat) => !mine.has(chat.id));
  return (
    <>
      <ul class="rows">
        <li>
          <button type="button" class="row-action" onClick={() => openSearch(wanted)}>{t("search.messages", { query: wanted })}</button>
        </li>
      </ul>
      {people.length > 0 && <h2 class="rows-head">{t("filter.direct")}</h2>}
      <ul class="rows">
        {people.map((user) => (
          <li key={user.id}>
            <PersonRow
              person={user}
              onClick={() => {
                onDone();
                writeTo(user.id);
              }}
            />
          </li>
        ))}
      </ul>
      {others.length > 0 && <h2 class="rows-head">{t("discover.title")}</h2>}
      <ul class="rows">
        {others.map((chat) => (
          <li key={chat.id}>
            <ChatTile
              chat={chat}
              onClick={() => {
                onDone();
                go(paths.chat(chat.id));
              }}
            />
          </li>
        ))}
      </ul>
    </>
  );
}
