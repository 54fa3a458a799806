/** The words of a query that narrow it: shown as chips, taken out and put in by a click. */
export const operators = ["has:image", "has:file", "has:link", "mentions:me", "is:pinned", "from:", "before:", "after:", "filename:", "size>"] as const;
export type Operator = (typeof operators)[number];

export interface Piece {
  readonly text: string;
  /** Null for plain words. */
  readonly operator: Operator | null;
}

const token = /-?"[^"]*"?|\S+/g;

export const piecesOf = (query: string): Piece[] =>
  (query.match(token) ?? []).map((text) => ({ text, operator: operators.find((one) => text.toLowerCase().startsWith(one)) ?? null }));

export const without = (query: string, piece: Piece): string =>
  piecesOf(query).filter((other) => other.text !== piece.text).map((other) => other.text).join(" ");

/** An operator that wants a value waits for it at the end. */
export const withOperator = (query: string, operator: Operator): string =>
  [...piecesOf(query).filter((piece) => piece.text !== operator).map((piece) => piece.text), operator].join(" ")
  + (operator.endsWith(":") || operator.endsWith(">") ? "" : " ");

/** Complete enough to be asked: no operator without its value, and two letters at least. */
export function isAskable(query: string): boolean {
  const pieces = piecesOf(query);
  return query.trim().length >= 2 && pieces.every((piece) => piece.operator === null || piece.text.length > piece.operator.length || !/[:>]$/.test(piece.operator));
}

/** Hits are counted in the text as it was written; read in one line, it needs none of its marks. */
const bare = (text: string): string => text.replace(/\*\*|~~|`+|(?<=\s|^)\*(?=\S|$)|(?<=\S|^)\*(?=\s|$|[.,;:!?)])/g, "");

/** The text in parts, each found or not. */
export function marked(text: string, highlights: readonly { start: number; length: number }[] | undefined): { text: string; found: boolean }[] {
  const parts: { text: string; found: boolean }[] = [];
  let at = 0;
  for (const { start, length } of highlights ?? []) {
    if (start < at || start + length > text.length) continue;
    if (start > at) parts.push({ text: text.slice(at, start), found: false });
    parts.push({ text: text.slice(start, start + length), found: true });
    at = start + length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), found: false });
  // The first hit must be in sight of a short row.
  const first = parts[0];
  if (first && !first.found && first.text.length > 40 && parts.length > 1) parts[0] = { text: `…${first.text.slice(-32)}`, found: false };
  return parts.map((part) => (part.found ? part : { ...part, text: bare(part.text) }));
}
