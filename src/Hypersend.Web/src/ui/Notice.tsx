import type { ComponentChildren } from "preact";
import { t } from "../app";
import { Button } from "./Button";
import { Icon, type IconName } from "./Icon";

export function Notice({ icon, children }: { icon: IconName; children: ComponentChildren }) {
  return (
    <div class="notice">
      <Icon name={icon} />
      <div class="grow">{children}</div>
    </div>
  );
}

/** The live region stays in the page, so that a reader announces what appears in it. */
export function ErrorNotice({ text, onRetry }: { text: string | null; onRetry?: () => void }) {
  return (
    <div role="alert">
      {text && (
        <div class="notice error">
          <Icon name="alert" />
          <p class="grow">{text}</p>
          {onRetry && <Button kind="text" onClick={onRetry}>{t("action.retry")}</Button>}
        </div>
      )}
    </div>
  );
}
