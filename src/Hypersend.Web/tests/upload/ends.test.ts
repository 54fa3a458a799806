import { describe, expect, it } from "vitest";
import { Problem } from "../../src/core/problem";
import { FakeBrowser, ManualClock, openTab, settle } from "../live/world";
import { memoryRecords } from "../../src/core/storage/records";
import { fileOf, until } from "./chunkServer";
import { chunk, FileServer, isDone, only, world } from "./fileServer";

/** An upload that is on its way, slowly. */
async function sending() {
  const all = await world();
  all.server.prepare = (chunks) => (chunks.trouble = () => "slow");
  all.tab.messenger.outbox.send({ chatId: "film", files: [{ file: fileOf(20 * chunk) }] });
  await until(all.clock, () => all.server.uploads.size === 1 && only(all.tab).state === "running");
  return all;
}

describe("an upload that is given up", () => {
  it("is ended by a request that outlives the page", async () => {
    const { server, tab } = await sending();
    void tab.messenger.transfers.cancel(only(tab).id);
    expect(server.calls.at(-1)).toMatchObject({ method: "DELETE", keepalive: true });
    await settle();
    expect(server.uploads.size).toBe(0);
  });

  it("without a line is ended with the next one", async () => {
    const { clock, server, tab } = await sending();
    server.up = false;
    server.cut();
    await tab.messenger.transfers.cancel(only(tab).id);
    expect([only(tab).state, server.uploads.size]).toEqual(["cancelled", 1]);
    server.up = true;
    await until(clock, () => server.uploads.size === 0);
  });

  it("is ended by the next page when the last one could not say it, and asked for no more then", async () => {
    const { clock, server, records, tab } = await sending();
    server.up = false;
    await tab.messenger.transfers.cancel(only(tab).id);
    await tab.messenger.stop();
    server.up = true;
    openTab(server, clock, null, records);
    await until(clock, () => server.uploads.size === 0);
    expect((await records.all("facts")).filter((fact) => "cancels" in (fact as object))).toEqual([]);
    const before = server.calls.length;
    server.cut();
    await clock.pass(60_000);
    expect(server.calls.slice(before).filter((call) => call.method === "DELETE")).toEqual([]);
  });
});

describe("a film that could not be begun", () => {
  it("failed like its message, goes when that is tried once more, and does not wait for ever", async () => {
    const { clock, server, tab } = await world();
    server.refuseInit = new Problem(507, "quota_exceeded");
    const [entry] = tab.messenger.outbox.send({ chatId: "film", files: [{ file: fileOf(chunk) }] });
    await until(clock, () => only(tab).state === "failed");
    expect(only(tab).problem?.code).toBe("quota_exceeded");
    // What failed is not simply over: its bytes are needed when it is tried again.
    tab.messenger.transfers.clear();
    server.refuseInit = null;
    tab.messenger.outbox.retry(entry!.id);
    expect(only(tab)).toMatchObject({ state: "waiting", problem: null });
    await until(clock, isDone(tab));
  });

  it("is tried once more from the list of transfers as well, and goes with its message when that is deleted", async () => {
    const { clock, server, tab } = await world();
    const { outbox, transfers } = tab.messenger;
    server.refuseInit = new Problem(413, "file_too_large");
    outbox.send({ chatId: "film", files: [{ file: fileOf(chunk) }] });
    await until(clock, () => only(tab).state === "failed");
    transfers.resume(only(tab).id);
    await until(clock, () => server.inits.length === 2 && only(tab).state === "failed");
    outbox.discard(only(tab).id);
    await settle();
    expect([outbox.entries.value, transfers.transfers.value]).toEqual([[], []]);
  });

  it("is failed for the next page too, and for a tab beside the one that sends", async () => {
    const [clock, browser, records] = [new ManualClock(), new FakeBrowser(), memoryRecords()];
    const server = new FileServer(clock);
    server.addChat("film", ["m1"]);
    server.refuseInit = new Problem(507, "quota_exceeded");
    openTab(server, clock, browser, records);
    await settle();
    const two = openTab(server, clock, browser, records);
    await settle();
    two.messenger.outbox.send({ chatId: "film", files: [{ file: fileOf(chunk) }] });
    await until(clock, () => only(two).state === "failed");
    await two.messenger.stop();
    const three = openTab(server, clock, browser, records);
    await until(clock, () => three.messenger.transfers.transfers.value.some(({ state, elsewhere }) => state === "failed" && !elsewhere));
    expect(server.inits.length).toBe(1);
  });
});
