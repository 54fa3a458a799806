import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../app";
import { Message, Waiting } from "./Screen";

/** Fetches a screen's code when it is first shown, and can try again: the network is part of it. */
export function lazy(load: () => Promise<ComponentType>): ComponentType {
  let ready: ComponentType | null = null;
  return function Lazy() {
    const [, redraw] = useState(0);
    const [failed, setFailed] = useState(false);
    const [attempt, setAttempt] = useState(0);
    useEffect(() => {
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
      return <Ready />;
    }
    if (!failed) return <Waiting />;
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
