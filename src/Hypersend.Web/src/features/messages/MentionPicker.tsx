import { useEffect, useState } from "preact/hooks";
import { t } from "../../app";
import type { ChatEntry } from "../../core/model";
import { talk } from "../../talk";
import { Avatar } from "../../ui/Avatar";
import { isMe, nameOf } from "./words";

/** Who may be meant by the @ that is being typed: members first. Arrows choose, Enter and Tab take. */
export function MentionPicker({ chat, query, onPick, onClose }: {
  chat: ChatEntry;
  query: string;
  onPick: (username: string) => void;
  onClose: () => void;
}) {
  const [at, setAt] = useState(0);
  const [asked, setAsked] = useState<readonly { id: string; name: string; username: string; avatar_url: string | null }[]>([]);
  const members = talk().chats.members(chat.id).value;
  useEffect(() => {
    if (members !== null || chat.type === "channel") return;
    let current = true;
    talk().chats.loadMembers(chat.id).then((page) => current && setAsked(page.items.map((item) => item.user)), () => undefined);
    return () => {
      current = false;
    };
  }, [chat.id, members === null]);
  const known = chat.peer ? [chat.peer] : (members ?? asked);
  const wanted = query.toLowerCase();
  const found = known.filter((person) => !isMe(person)
    && (person.username.toLowerCase().startsWith(wanted) || nameOf(person).toLowerCase().includes(wanted))).slice(0, 6);
  const all = chat.type !== "direct" && "all".startsWith(wanted);
  const choices = [...found.map((person) => person.username), ...(all ? ["all"] : [])];

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (choices.length === 0) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") setAt((at + (event.key === "ArrowDown" ? 1 : choices.length - 1)) % choices.length);
      else if (event.key === "Enter" || event.key === "Tab") onPick(choices[at % choices.length]!);
      else if (event.key === "Escape") onClose();
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    // Before the box itself hears the key.
    addEventListener("keydown", onKey, true);
    return () => removeEventListener("keydown", onKey, true);
  });

  if (choices.length === 0) return null;
  return (
    <ul class="mention-picker" role="listbox" aria-label={t("details.members")}>
      {choices.map((username, index) => {
        const person = found.find((one) => one.username === username);
        return (
          <li key={username} role="presentation">
            <button
              type="button"
              role="option"
              tabIndex={-1}
              aria-selected={index === at % choices.length}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => onPick(username)}
            >
              {person ? <Avatar user={person} size="tiny" /> : <span class="avatar tiny">@</span>}
              <span class="one-line"><bdi>{person ? nameOf(person) : t("composer.everybody")}</bdi></span>
              <span class="soft small"><bdi>@{username}</bdi></span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
