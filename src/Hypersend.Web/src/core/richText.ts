/** A message's text as a tree of plain nodes. Nothing of it is ever HTML, so nothing in it can become HTML. */
export type Inline =
  | { kind: "text"; text: string }
  | { kind: "bold" | "italic" | "strike" | "spoiler"; children: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "link"; href: string; children: Inline[] }
  | { kind: "mention"; name: string };

export type Block =
  | { kind: "lines"; children: Inline[] }
  | { kind: "quote"; children: Inline[] }
  | { kind: "code"; language: string; text: string };

const deepest = 6;

export function parseRichText(source: string): Block[] {
  const blocks: Block[] = [];
  const lines = source.split("\n");
  let plain: string[] = [];
  const flush = (): void => {
    if (plain.length > 0) blocks.push({ kind: "lines", children: parseInline(plain.join("\n")) });
    plain = [];
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const fence = /^```([\w+#.-]{0,24})\s*$/.exec(line);
    if (fence) {
      const end = lines.findIndex((other, index) => index > at && other.trimEnd() === "```");
      if (end > at) {
        flush();
        blocks.push({ kind: "code", language: fence[1]!, text: lines.slice(at + 1, end).join("\n") });
        at = end;
        continue;
      }
    }
    if (line.startsWith(">")) {
      flush();
      const quoted: string[] = [];
      while (at < lines.length && lines[at]!.startsWith(">")) quoted.push(lines[at++]!.replace(/^>\s?/, ""));
      at--;
      blocks.push({ kind: "quote", children: parseInline(quoted.join("\n")) });
      continue;
    }
    plain.push(line);
  }
  flush();
  return blocks;
}

const marks = [
  ["**", "bold"],
  ["~~", "strike"],
  ["||", "spoiler"],
  ["*", "italic"],
  ["_", "italic"],
] as const;

const word = /[\p{L}\p{N}_]/u;
const bareLink = /(?:https?:\/\/|mailto:)[^\s<>"'`]{1,2000}/iy;
const mention = /@([A-Za-z0-9_.-]{3,32})/y;
const namedLink = /\[([^\]\n]{1,200})\]\(([^\s()<>]{1,2000})\)/y;

export function parseInline(source: string, depth = 0): Inline[] {
  const out: Inline[] = [];
  let text = "";
  const push = (node: Inline): void => {
    if (text) out.push({ kind: "text", text });
    text = "";
    out.push(node);
  };
  // A mark without an end after here has none further on either: text of nothing but marks stays quick.
  const hopeless = new Set<string>();
  let at = 0;
  scan: while (at < source.length) {
    const rest = source[at]!;
    if (rest === "\\" && /[*_~`|[\]\\>]/.test(source[at + 1] ?? "")) {
      text += source[at + 1];
      at += 2;
      continue;
    }
    if (rest === "`" && !hopeless.has("`")) {
      const end = source.indexOf("`", at + 1);
      if (end > at + 1 && !source.slice(at, end).includes("\n")) {
        push({ kind: "code", text: source.slice(at + 1, end) });
        at = end + 1;
        continue;
      }
      if (end < 0) hopeless.add("`");
    }
    const before = source[at - 1] ?? " ";
    if (depth < deepest) {
      for (const [mark, kind] of marks) {
        if (rest !== mark[0] || hopeless.has(mark) || !source.startsWith(mark, at)) continue;
        if (mark.length === 1 && word.test(before)) continue;
        const end = closing(source, mark, at + mark.length);
        if (end < 0) {
          hopeless.add(mark);
          continue;
        }
        if (end === 0) continue;
        push({ kind, children: parseInline(source.slice(at + mark.length, end), depth + 1) });
        at = end + mark.length;
        continue scan;
      }
    }
    if (rest === "[") {
      namedLink.lastIndex = at;
      const found = namedLink.exec(source);
      const href = found && safeLink(found[2]!);
      if (found && href) {
        push({ kind: "link", href, children: parseInline(found[1]!, deepest) });
        at = namedLink.lastIndex;
        continue;
      }
    }
    if ((rest === "h" || rest === "H" || rest === "m" || rest === "M") && !word.test(before)) {
      bareLink.lastIndex = at;
      const found = bareLink.exec(source)?.[0];
      const link = found && withoutTail(found);
      const href = link && safeLink(link);
      if (href) {
        push({ kind: "link", href, children: [{ kind: "text", text: link }] });
        at += link.length;
        continue;
      }
    }
    if (rest === "@" && !word.test(before)) {
      mention.lastIndex = at;
      const name = mention.exec(source)?.[1]?.replace(/[.-]+$/, "");
      if (name && name.length >= 3) {
        push({ kind: "mention", name });
        at += name.length + 1;
        continue;
      }
    }
    text += rest;
    at++;
  }
  if (text) out.push({ kind: "text", text });
  return out;
}

/** Where the mark ends; -1 when it is nowhere to be found, 0 when what begins here is no mark. */
function closing(source: string, mark: string, from: number): number {
  if (/\s/.test(source[from] ?? " ")) return 0;
  for (let at = source.indexOf(mark, from); at >= 0; at = source.indexOf(mark, at + 1)) {
    if (at === from) return 0;
    if (/\s/.test(source[at - 1]!)) continue;
    if (mark.length === 1 && (source[at + 1] === mark || word.test(source[at + 1] ?? " "))) continue;
    return at;
  }
  return -1;
}

/** Only addresses that lead out of the page and run nothing in it. */
export function safeLink(href: string): string | null {
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return null;
  }
  return url.protocol === "http:" || url.protocol === "https:" || url.protocol === "mailto:" ? url.href : null;
}

/** The full stop of the sentence is not the link's; a bracket is when it was opened in it. */
function withoutTail(link: string): string {
  let end = link.length;
  while (end > 0) {
    const last = link[end - 1]!;
    if (/[.,;:!?*_~|'"]/.test(last)) end--;
    else if (last === ")" && count(link, "(", end) < count(link, ")", end)) end--;
    else break;
  }
  return link.slice(0, end);
}

const count = (text: string, letter: string, end: number): number => text.slice(0, end).split(letter).length - 1;

/** Where a text leads to, each place once. */
export function linksOf(source: string): string[] {
  const found = (nodes: readonly Inline[]): string[] =>
    nodes.flatMap((node) => (node.kind === "link" ? [node.href] : "children" in node ? found(node.children) : []));
  return [...new Set(parseRichText(source).flatMap((block) => (block.kind === "code" ? [] : found(block.children))))];
}

/** The words alone, for previews, quotes and notifications. */
export function plainText(source: string): string {
  const words = (nodes: Inline[]): string =>
    nodes.map((node) => {
      switch (node.kind) {
        case "text":
        case "code":
          return node.text;
        case "mention":
          return `@${node.name}`;
        case "spoiler":
          return "▒▒▒";
        default:
          return words(node.children);
      }
    }).join("");
  return parseRichText(source).map((block) => (block.kind === "code" ? block.text : words(block.children))).join(" ").replace(/\s+/g, " ").trim();
}

const onlyEmoji = /^(?=.*\p{Extended_Pictographic}|.*\p{Regional_Indicator})[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f\u20e3\s]+$/u;

const letters = new Intl.Segmenter();

/** One to three emoji and nothing else are shown large. */
export function isBigEmoji(source: string): boolean {
  if (source.length > 40 || !onlyEmoji.test(source)) return false;
  return [...letters.segment(source.replace(/\s/g, ""))].length <= 3;
}

/** Which way a text runs, by its first letter that runs any way; null when none does. */
export function directionOf(source: string): "ltr" | "rtl" | null {
  const letter = /\p{L}/u.exec(source)?.[0];
  if (!letter) return null;
  return /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(letter) ? "rtl" : "ltr";
}
