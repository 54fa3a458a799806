import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { personal } from "../personal";
import { Icon, type IconName } from "./Icon";
import { useBackClose } from "./overlay";

export interface MenuItem {
  icon: IconName;
  text: string;
  danger?: boolean;
  /** Set for what is on or off. */
  checked?: boolean;
  run: () => void;
}

export interface MenuRequest {
  label: string;
  /** Where it opens: at a point, or below an element. */
  at: { x: number; y: number } | Element;
  items: readonly (MenuItem | false | null | undefined)[];
  /** What stands above the items (a row of reactions). */
  head?: (close: () => void) => ComponentChildren;
}

const current = personal<MenuRequest | null>(null);

export function openMenu(request: MenuRequest): void {
  current.value = request;
}

/** The one menu of the page: at the pointer where there is a mouse, a sheet from below on a phone. */
export function Menus() {
  const request = current.value;
  return request && <Menu key={request} request={request} onClose={() => (current.value = null)} />;
}

function Menu({ request, onClose }: { request: MenuRequest; onClose: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  useBackClose(onClose);
  useLayoutEffect(() => {
    const menu = ref.current!;
    const opener = document.activeElement;
    menu.showPopover();
    place(menu, request.at);
    menu.querySelector<HTMLElement>("[role^=menuitem]")?.focus({ preventScroll: true });
    return () => {
      if (opener instanceof HTMLElement && (document.activeElement === document.body || menu.contains(document.activeElement))) {
        opener.focus({ preventScroll: true });
      }
    };
  }, []);
  return (
    <div
      ref={ref}
      class="menu"
      popover="auto"
      onToggle={(event) => {
        if (event.newState === "closed") onClose();
      }}
      onKeyDown={(event) => walk(event, ref.current!)}
      onContextMenu={(event) => event.preventDefault()}
    >
      {request.head?.(onClose)}
      <div role="menu" aria-label={request.label}>
        {request.items.map((item) => item && (
          <button
            key={item.text}
            type="button"
            role={item.checked === undefined ? "menuitem" : "menuitemcheckbox"}
            aria-checked={item.checked}
            tabIndex={-1}
            class={item.danger ? "menu-item danger" : "menu-item"}
            onClick={() => {
              onClose();
              item.run();
            }}
          >
            <Icon name={item.icon} />
            <span class="grow">{item.text}</span>
            {item.checked && <Icon name="check" small />}
          </button>
        ))}
      </div>
    </div>
  );
}

function place(menu: HTMLElement, at: MenuRequest["at"]): void {
  // Not as it is drawn: it is still on its way to its full size.
  const box = { width: menu.offsetWidth, height: menu.offsetHeight };
  const edge = 8;
  const rtl = document.documentElement.dir === "rtl";
  let x: number;
  let y: number;
  if (at instanceof Element) {
    const target = at.getBoundingClientRect();
    x = rtl ? target.left : target.right - box.width;
    y = target.bottom + 4 + box.height > innerHeight - edge ? target.top - box.height - 4 : target.bottom + 4;
  } else {
    x = rtl ? at.x - box.width : at.x;
    y = at.y + box.height > innerHeight - edge ? at.y - box.height : at.y;
  }
  menu.style.left = `${Math.max(edge, Math.min(x, innerWidth - box.width - edge))}px`;
  menu.style.top = `${Math.max(edge, Math.min(y, innerHeight - box.height - edge))}px`;
}

function walk(event: KeyboardEvent, menu: HTMLElement): void {
  const items = [...menu.querySelectorAll<HTMLElement>("[role^=menuitem]")];
  const now = items.indexOf(document.activeElement as HTMLElement);
  const next: Record<string, number> = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: items.length - 1 };
  const wanted = next[event.key];
  if (event.key === "Tab") menu.hidePopover();
  if (wanted === undefined) return;
  event.preventDefault();
  items[(wanted + items.length) % items.length]?.focus();
}
