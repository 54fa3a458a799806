import { useEffect, useState } from "preact/hooks";

export type Loaded<T> = { state: "loading" } | { state: "failed"; error: unknown } | { state: "ready"; value: T };

/** Loads what a screen shows; `set` changes it in place after a save, `reload` asks again. */
export function useLoaded<T>(load: () => Promise<T>): [Loaded<T>, { set: (value: T) => void; reload: () => void }] {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading" });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    setLoaded({ state: "loading" });
    load().then(
      (value) => current && setLoaded({ state: "ready", value }),
      (error: unknown) => current && setLoaded({ state: "failed", error }),
    );
    return () => {
      current = false;
    };
  }, [round]);
  return [loaded, {
    set: (value) => setLoaded({ state: "ready", value }),
    reload: () => setRound((n) => n + 1),
  }];
}
