import type { ComponentChildren } from "preact";
import { errorText, t } from "../../app";
import { Message } from "../../ui/Screen";
import type { Loaded } from "../../ui/useLoaded";

export function Card({ title, badge, danger, children }: {
  title?: string;
  badge?: ComponentChildren;
  danger?: boolean;
  children: ComponentChildren;
}) {
  return (
    <section class={danger ? "card settings-card danger" : "card settings-card"}>
      {title && <div class="row"><h3 class="grow">{title}</h3>{badge}</div>}
      {children}
    </section>
  );
}

/** What a section shows while its content loads, when that failed, and then the content. */
export function WhenLoaded<T>({ loaded, reload, children }: {
  loaded: Loaded<T>;
  reload: () => void;
  children: (value: T) => ComponentChildren;
}) {
  if (loaded.state === "ready") return <>{children(loaded.value)}</>;
  if (loaded.state === "failed") {
    return (
      <div class="card settings-card">
        <Message inner title={errorText(loaded.error)} action={t("action.retry")} onAction={reload} />
      </div>
    );
  }
  return (
    <div class="card settings-card">
      <p role="status" class="unseen">{t("app.loading")}</p>
      <div class="skeleton line" />
      <div class="skeleton field-size" />
      <div class="skeleton field-size" />
    </div>
  );
}
