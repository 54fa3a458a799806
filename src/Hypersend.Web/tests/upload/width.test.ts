import { describe, expect, it } from "vitest";
import { Width } from "../../src/core/upload/width";

/** The lanes after each look, on a line whose speed depends on them. */
function looks(speed: (lanes: number) => number, count: number, width = new Width()): number[] {
  const seen: number[] = [];
  width.passed(0, 0);
  for (let n = 1; n <= count; n++) {
    width.passed(speed(width.lanes) * 4_000, n * 4_000);
    seen.push(width.lanes);
  }
  return seen;
}

describe("the number of chunks that go at once", () => {
  it("grows while one more pays", () => expect(looks((lanes) => lanes, 8).at(-1)).toBe(8));

  it("tries one and takes it back where none pays, and rests in between", () => {
    const seen = looks(() => 100, 60);
    expect(new Set(seen)).toEqual(new Set([3, 4, 5]));
    expect(seen.filter((lanes) => lanes !== 4).length).toBeLessThanOrEqual(12);
  });

  it("comes down where fewer are faster", () => expect(looks((lanes) => 1 / lanes, 30)).toContain(1));

  it("is halved by a failure, once for those who fail together", () => {
    const width = new Width(8);
    width.failed(10_000);
    width.failed(11_000);
    expect(width.lanes).toBe(4);
  });
});
