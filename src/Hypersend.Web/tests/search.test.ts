import { expect, it } from "vitest";
import { marked } from "../src/features/search/operators";

const shown = (text: string, ...words: string[]): string => {
  const found = words.map((word) => ({ start: text.indexOf(word), length: word.length }));
  return marked(text, found).map((part) => (part.found ? `[${part.text}]` : part.text)).join("");
};

it("shows what was found without the marks of the text around it", () => {
  expect(shown("The **ferry** to the *blue* pier, `12 * 3` km", "ferry", "pier")).toBe("The [ferry] to the blue [pier], 12 * 3 km");
  expect(shown("at the *blue* door", "blue")).toBe("at the [blue] door");
  expect(shown("a*b and 2 * 3", "and")).toBe("a*b [and] 2 * 3");
});

it("begins near the first hit of a long text", () => {
  expect(shown(`${"so far away ".repeat(9)}here`, "here")).toBe("…ar away so far away so far away [here]");
});
