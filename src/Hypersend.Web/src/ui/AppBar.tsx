import type { ComponentChildren } from "preact";
import { t } from "../app";
import { IconButton } from "./Button";

/** The bar on top of a pane: where one is, the way back, and what can be done here. */
export function AppBar({ title, onBack, children, lead }: {
  title: ComponentChildren;
  onBack?: (() => void) | undefined;
  lead?: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <header class="bar">
      {onBack && <IconButton icon="back" label={t("action.back")} onClick={onBack} />}
      {lead}
      {typeof title === "string" ? <h1 class="bar-title">{title}</h1> : title}
      {children}
    </header>
  );
}
