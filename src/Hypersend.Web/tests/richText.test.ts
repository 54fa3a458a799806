import { describe, expect, it } from "vitest";
import { personName, plainName } from "../src/core/names";
import { directionOf, isBigEmoji, linksOf, parseInline, parseRichText, plainText, safeLink } from "../src/core/richText";

const text = (words: string) => ({ kind: "text", text: words });

describe("the text of a message", () => {
  it("knows bold, italic, struck and code", () => {
    expect(parseInline("a **b** *c* ~~d~~ `e*f*`")).toEqual([
      text("a "), { kind: "bold", children: [text("b")] }, text(" "), { kind: "italic", children: [text("c")] }, text(" "),
      { kind: "strike", children: [text("d")] }, text(" "), { kind: "code", text: "e*f*" },
    ]);
  });
  it("tells where it leads to, each place once, and never what code only mentions", () => {
    const said = "> see https://a.example/x.\n**[b](https://b.example/)** https://a.example/x\n```\nhttps://c.example/\n```\n`https://d.example/` javascript:alert(1)";
    expect(linksOf(said)).toEqual(["https://a.example/x", "https://b.example/"]);
  });
  it("leaves names_with_lines and 2 * 3 * 4 alone", () => {
    expect(parseInline("names_with_lines and 2 * 3 * 4")).toEqual([text("names_with_lines and 2 * 3 * 4")]);
  });
  it("keeps code blocks byte for byte", () => {
    expect(parseRichText("see\n```ts\nlet a = **b**;\n  // <b>\n```\nend")).toEqual([
      { kind: "lines", children: [text("see")] },
      { kind: "code", language: "ts", text: "let a = **b**;\n  // <b>" },
      { kind: "lines", children: [text("end")] },
    ]);
  });
  it("treats a fence without an end as text", () => {
    expect(parseRichText("```\nopen")).toEqual([{ kind: "lines", children: [text("```\nopen")] }]);
  });
  it("gathers quoted lines", () => {
    expect(parseRichText("> one\n> two\nthree")).toEqual([
      { kind: "quote", children: [text("one\ntwo")] },
      { kind: "lines", children: [text("three")] },
    ]);
  });
  it("links addresses without the sentence's full stop", () => {
    expect(parseInline("(see https://example.org/a_(b)?c=d.)")).toEqual([
      text("(see "), { kind: "link", href: "https://example.org/a_(b)?c=d", children: [text("https://example.org/a_(b)?c=d")] }, text(".)"),
    ]);
  });
  it.each(["javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:alert(1)", "vbscript:x", "file:///etc/passwd", "//evil"])("does not link %s", (href) => {
    expect(safeLink(href)).toBeNull();
    expect(parseInline(`[x](${href})`).some((node) => node.kind === "link")).toBe(false);
  });
  it("keeps markup as text", () => {
    const hostile = `<img src=x onerror="alert(1)"><script>alert(1)</script>`;
    expect(parseInline(hostile)).toEqual([text(hostile)]);
  });
  it("finds mentions, not addresses of mails", () => {
    expect(parseInline("@ana and a@bob.org, @bo")).toEqual([{ kind: "mention", name: "ana" }, text(" and a@bob.org, @bo")]);
  });
  it("takes a backslash as leave this alone", () => {
    expect(parseInline("\\*not\\*")).toEqual([text("*not*")]);
  });
  it("is quick with text of nothing but marks", () => {
    const started = performance.now();
    for (const mark of ["*", "**", "_", "`", "[", "~~", "||", ">", "@", "**a", "_a ", "[a](", "https://"]) parseRichText(mark.repeat(5000));
    expect(performance.now() - started).toBeLessThan(1500);
  });
  it("gives the words alone", () => {
    expect(plainText("**Hi** `x`\n> y\n```\nz\n```")).toBe("Hi x y z");
  });
  it("knows which way a text runs by its first letter", () => {
    expect(directionOf("12 👍 hello شكرا")).toBe("ltr");
    expect(directionOf("«شكرا» hello")).toBe("rtl");
    expect(directionOf("👍 12")).toBeNull();
  });
  it("shows a few emoji large and nothing else", () => {
    expect(isBigEmoji("👍🏽 ❤️")).toBe(true);
    expect(isBigEmoji("👨‍👩‍👧‍👦")).toBe(true);
    expect(isBigEmoji("hi 👍")).toBe(false);
    expect(isBigEmoji("12")).toBe(false);
    expect(isBigEmoji("👍👍👍👍")).toBe(false);
  });
});

describe("a name", () => {
  it("keeps its letters in their order, whatever was put between them", () => {
    expect([plainName("\u200b\u2060 \u3164"), personName({ name: "\u200b\ufeff", username: "ana" }), personName({ name: "\u200bAna" })]).toEqual(["", "ana", "\u200bAna"]);
    expect(plainName("Ana \u202ecba\u202c \u2067x\u2069 علي")).toBe("Ana cba x علي");
  });
});
