import { describe, expect, it } from "vitest";
import type { Message } from "../src/core/api/types";
import { choose, chooseNothing, deskOf } from "../src/features/messages/desk";

const message = (seq: number): Message => ({ id: `c.${seq}`, seq }) as Message;

describe("choosing messages", () => {
  it("marks and unmarks, and ends with the last one", () => {
    const desk = deskOf("c", null);
    for (const seq of [5, 3, 5]) choose(desk, message(seq));
    expect([...desk.chosen.value!.keys()]).toEqual(["c.3"]);
    choose(desk, message(3));
    expect(desk.chosen.value).toBeNull();
  });
  it("is ended by whoever does not know where it goes on, once", () => {
    const desk = deskOf("c", "c.1");
    choose(desk, message(2));
    expect([chooseNothing(), desk.chosen.value, chooseNothing()]).toEqual([true, null, false]);
  });
});
