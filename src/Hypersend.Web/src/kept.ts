import { openRecords } from "./core/storage/indexed";
import type { Records } from "./core/storage/records";

/** What the first screen is drawn from: read while the code that draws it is still on its way. */
let ahead: { readonly user: string; readonly records: Promise<Records> } | null = null;

export function openAhead(user: string): void {
  ahead = { user, records: openRecords(user).then(readAhead) };
}

export function recordsOf(user: string): Promise<Records> {
  const records = ahead?.user === user ? ahead.records : openRecords(user);
  ahead = null;
  return records;
}

/** Each answer is good for the first who asks: whoever asks again wants to know what is there now. */
function readAhead(records: Records): Records {
  const state = once(records.get("facts", "state"));
  const all = new Map([["chats", once(records.all("chats"))], ["outbox", once(records.all("outbox"))]]);
  return {
    ...records,
    get: (shelf, key) => (shelf === "facts" && key === "state" && state()) || records.get(shelf, key),
    all: (shelf) => all.get(shelf)?.() ?? records.all(shelf),
  };
}

function once<T>(answer: Promise<T>): () => Promise<T> | null {
  let left: Promise<T> | null = answer;
  return () => {
    const taken = left;
    left = null;
    return taken;
  };
}
