import type { ComponentChildren } from "preact";
import { personName } from "../../core/names";
import { talk } from "../../talk";
import { Avatar, type Face } from "../../ui/Avatar";
import { FactLine } from "../../ui/FactLine";
import { Icon } from "../../ui/Icon";
import { presenceText } from "./lastSeen";

export function PersonRow({ person, note, selected, onClick, children }: {
  person: Face & { username: string };
  /** In place of when they were here (a role). */
  note?: string;
  selected?: boolean;
  onClick: () => void;
  children?: ComponentChildren;
}) {
  const presence = talk().people.presence(person.id).value;
  return (
    <div class="person-row">
      <button type="button" class="row-link" aria-pressed={selected} onClick={onClick}>
        <Avatar user={person} presence={presence} />
        <span class="row-text">
          <span class="row-line">
            <span class="row-name one-line"><bdi>{personName(person)}</bdi></span>
            {note && <span class="row-end row-time">{note}</span>}
          </span>
          <span class={presence.online ? "row-preview lively" : "row-preview"}>
            <FactLine facts={[`@${person.username}`, presenceText(presence)]} />
          </span>
        </span>
        {selected && <span class="picked"><Icon name="check" small /></span>}
      </button>
      {children}
    </div>
  );
}
