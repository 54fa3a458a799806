import type { Entry } from "../../core/model";

/** What the list draws, from the entries it has: days, the unread line, and which bubbles stand together. */
export type Row =
  | { kind: "day"; key: string; at: string }
  | { kind: "unread"; key: string }
  | { kind: "gap"; key: string }
  | { kind: "entry"; key: string; entry: Entry; first: boolean; last: boolean; tile: Tile | null };

/** The place of a picture among others that were sent with it: two stand side by side, an odd last one has the width of both. */
export type Tile = "start" | "end" | "wide";

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

/** `bare` are pictures without a word, which may stand side by side; `gap`, that messages are missing before what waits to be sent. */
export function rowsOf(entries: readonly Entry[], unreadFrom: number | null, bare: (entry: Entry) => boolean = () => false, gap = false): Row[] {
  const rows: Row[] = [];
  let day = "";
  let marked = unreadFrom === null;
  let open = false;
  entries.forEach((entry, index) => {
    const next = entries[index + 1];
    const previous = entries[index - 1];
    const today = dayOf(atOf(entry));
    if (gap && entry.kind === "pending" && previous?.kind !== "pending") {
      rows.push({ kind: "gap", key: "gap" });
      open = false;
    }
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
    const ends = !next || dayOf(atOf(next)) !== today || !together(entry, next) || (gap && entry.kind !== next.kind)
      || (!marked && next.kind === "message" && next.message.seq >= unreadFrom!);
    rows.push({ kind: "entry", key: entry.key, entry, first, last: ends, tile: null });
    open = !ends;
  });
  return tiled(rows, bare);
}

/** Runs of bare pictures within what stands together. */
function tiled(rows: Row[], bare: (entry: Entry) => boolean): Row[] {
  for (let from = 0; from < rows.length;) {
    let to = from;
    for (let row = rows[to]; row?.kind === "entry" && bare(row.entry) && (to === from || !row.first); row = rows[++to]);
    const count = to - from;
    for (let i = 0; count > 1 && i < count; i++) {
      const row = rows[from + i]!;
      if (row.kind !== "entry") continue;
      row.tile = i % 2 === 1 ? "end" : i === count - 1 ? "wide" : "start";
      // Whose face stands beside the last line stands beside its first picture.
      const beside = rows[from + i - 1];
      if (row.tile === "end" && beside?.kind === "entry") beside.last = row.last;
    }
    from = Math.max(to, from + 1);
  }
  return rows;
}
