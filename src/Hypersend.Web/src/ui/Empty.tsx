import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon";

/** What a list says when there is nothing in it, and what to do about that. */
export function Empty({ icon, title, text, children }: {
  icon: IconName;
  title: string;
  text?: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <span class="empty-icon"><Icon name={icon} /></span>
      <p class="empty-title">{title}</p>
      {text && <p class="soft">{text}</p>}
      {children}
    </div>
  );
}
