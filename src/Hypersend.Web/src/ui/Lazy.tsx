import type { ComponentType, JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { t } from "../app";
import { Message, Waiting } from "./Screen";

/** Fetches a screen's code when it is first shown, and can try again: the network is part of it. */
export function lazy<P extends object = object>(load: () => Promise<ComponentType<P>>, waiting: () => JSX.Element | null = () => <Waiting />): ComponentType<P> {
  let ready: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const [, redraw] = useState(0);
    const [failed, setFailed] = useState(false);
    const [attempt, setAttempt] = useState(0);
    // Before the paint: what was loaded already is shown without a look at what stands in for it.
    useLayoutEffect(() => {
      if (ready) return;
      setFailed(false);
      load().then(
        (component) => {
          ready = component;
          redraw((n) => n + 1);
        },
        () => setFailed(true),
      );
    }, [attempt]);
    if (ready) {
      const Ready = ready;
      return <Ready {...props} />;
    }
    if (!failed) return waiting();
    return (
      <Message
        title={t("app.offline.title")}
        text={t("error.offline")}
        action={t("action.retry")}
        // A module that failed to load stays failed for this document, so after the first try only a reload helps.
        onAction={() => (attempt > 0 ? location.reload() : setAttempt(attempt + 1))}
      />
    );
  };
}
