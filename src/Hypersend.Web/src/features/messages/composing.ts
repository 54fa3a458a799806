/** Pure changes to the text that is being written. */
export interface Selection {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Puts marks around what is selected, or takes them away when they are there. */
export function toggleMark({ text, start, end }: Selection, mark: string): Selection {
  const size = mark.length;
  const chosen = text.slice(start, end);
  if (text.slice(start - size, start) === mark && text.slice(end, end + size) === mark) {
    return { text: text.slice(0, start - size) + chosen + text.slice(end + size), start: start - size, end: end - size };
  }
  return { text: text.slice(0, start) + mark + chosen + mark + text.slice(end), start: start + size, end: end + size };
}

export function insert({ text, start, end }: Selection, words: string): Selection {
  const at = start + words.length;
  return { text: text.slice(0, start) + words + text.slice(end), start: at, end: at };
}

/** The beginning of a user name that is being typed after an @; null when none is. */
export function mentionAt(text: string, caret: number): { from: number; query: string } | null {
  const found = /(?:^|[\s(])@([A-Za-z0-9_.-]{0,32})$/.exec(text.slice(0, caret));
  return found ? { from: caret - found[1]!.length - 1, query: found[1]! } : null;
}

export const longestMessage = 10_000;

/** A text that is too long becomes several, cut where a line or a word ends. */
export function splitLong(text: string, most = longestMessage): string[] {
  const parts: string[] = [];
  let rest = [...text];
  while (rest.length > most) {
    const head = rest.slice(0, most);
    const cut = Math.max(head.lastIndexOf("\n"), most >> 1) > most >> 1 ? head.lastIndexOf("\n") : head.lastIndexOf(" ");
    const at = cut > most >> 1 ? cut : most;
    parts.push(rest.slice(0, at).join("").trim());
    rest = rest.slice(at);
  }
  const last = rest.join("").trim();
  if (last) parts.push(last);
  return parts.filter(Boolean);
}
