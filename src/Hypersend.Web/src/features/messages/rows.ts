import type { Entry } from "../../core/model";

/** What the list draws, from the entries it has: days, the unread line, and which bubbles stand together. */
export type Row =
  | { kind: "day"; key: string; at: string }
  | { kind: "unread"; key: string }
  | { kind: "entry"; key: string; entry: Entry; first: boolean; last: boolean };

const togetherMs = 6 * 60_000;

export const atOf = (entry: Entry): string => (entry.kind === "message" ? entry.message.created_at : entry.pending.createdAt);

const senderOf = (entry: Entry): string =>
  entry.kind === "pending" || entry.mine ? "me" : entry.message.sender.id;

const isNote = (entry: Entry): boolean => entry.kind === "message" && entry.message.type === "system";

const dayOf = (at: string): string => {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
};

function together(a: Entry, b: Entry): boolean {
  if (isNote(a) || isNote(b) || senderOf(a) !== senderOf(b)) return false;
  return Math.abs(Date.parse(atOf(b)) - Date.parse(atOf(a))) < togetherMs;
}

export function rowsOf(entries: readonly Entry[], unreadFrom: number | null): Row[] {
  const rows: Row[] = [];
  let day = "";
  let marked = unreadFrom === null;
  let open = false;
  entries.forEach((entry, index) => {
    const next = entries[index + 1];
    const previous = entries[index - 1];
    const today = dayOf(atOf(entry));
    if (today !== day) {
      rows.push({ kind: "day", key: `day ${today}`, at: atOf(entry) });
      day = today;
      open = false;
    }
    if (!marked && entry.kind === "message" && entry.message.seq >= unreadFrom!) {
      // The line belongs above the first one that is not mine; with older ones cut off it is not known where it is.
      if (previous || entry.message.seq === unreadFrom) rows.push({ kind: "unread", key: "unread" });
      marked = true;
      open = false;
    }
    const first = !open || !previous || !together(previous, entry);
    const ends = !next || dayOf(atOf(next)) !== today || !together(entry, next)
      || (!marked && next.kind === "message" && next.message.seq >= unreadFrom!);
    rows.push({ kind: "entry", key: entry.key, entry, first, last: ends });
    open = !ends;
  });
  return rows;
}
