import type { ComponentChildren } from "preact";
import { go } from "./router";

/** A real link (new tab, copy address) that stays in the page on a plain click. */
export function Link({ to, className, current, children }: {
  to: string;
  className?: string;
  current?: boolean;
  children: ComponentChildren;
}) {
  return (
    <a
      href={to}
      class={className ?? "link-button"}
      aria-current={current ? "page" : undefined}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}
