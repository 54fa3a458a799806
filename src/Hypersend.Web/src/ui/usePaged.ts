import { useEffect, useRef, useState } from "preact/hooks";

interface PageOf<T> {
  readonly items: readonly T[];
  readonly next_cursor?: string | null;
}

export interface Paged<T> {
  /** Null until the first page is there. */
  readonly items: readonly T[] | null;
  readonly error: unknown;
  readonly busy: boolean;
  readonly more: boolean;
  next(): void;
  reload(): void;
  set(items: readonly T[]): void;
}

/** A list that comes in pages; a change of `about` starts it anew. */
export function usePaged<T>(load: (cursor: string | null) => Promise<PageOf<T>>, about: readonly unknown[]): Paged<T> {
  const [items, setItems] = useState<readonly T[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [round, setRound] = useState(0);
  const asked = useRef(0);

  function ask(from: string | null): void {
    const mine = ++asked.current;
    setBusy(true);
    setError(null);
    load(from).then(
      (page) => {
        if (mine !== asked.current) return;
        setItems((before) => (from === null ? page.items : [...(before ?? []), ...page.items]));
        setCursor(page.next_cursor ?? null);
        setBusy(false);
      },
      (failure: unknown) => {
        if (mine !== asked.current) return;
        setError(failure);
        setBusy(false);
      },
    );
  }
  useEffect(() => {
    setItems(null);
    setCursor(null);
    ask(null);
    return () => {
      asked.current++;
    };
  }, [...about, round]);
  return {
    items, error, busy, more: cursor !== null,
    next: () => {
      if (!busy && cursor !== null) ask(cursor);
    },
    reload: () => setRound((n) => n + 1),
    set: setItems,
  };
}
