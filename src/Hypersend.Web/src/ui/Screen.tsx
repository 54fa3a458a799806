import type { ComponentChildren } from "preact";
import { t } from "../app";
import { Button } from "./Button";

export function BrandMark() {
  return <img class="brand-mark" src="/icon.svg" alt="" width="48" height="48" />;
}

export function Waiting({ inner }: { inner?: boolean }) {
  return (
    <div class={inner ? "splash inner waiting" : "splash waiting"}>
      <span class="spinner" aria-hidden="true" />
      <p role="status" class="unseen">{t("app.loading")}</p>
    </div>
  );
}

/** A whole screen with one message and one thing to do about it. */
export function Message({ title, text, action, onAction, inner }: {
  title: string;
  text?: ComponentChildren;
  action: string;
  onAction: () => void;
  inner?: boolean;
}) {
  const content = (
    <>
      {!inner && <BrandMark />}
      {inner ? <h2>{title}</h2> : <h1>{title}</h1>}
      {text && <p>{text}</p>}
      <Button kind={inner ? "tonal" : "filled"} onClick={onAction}>{action}</Button>
    </>
  );
  return inner ? <div class="splash inner" role="alert">{content}</div> : <main id="content" class="splash">{content}</main>;
}
