import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon";

interface ButtonProps {
  children: ComponentChildren;
  kind?: "filled" | "tonal" | "text";
  danger?: boolean;
  wide?: boolean;
  busy?: boolean;
  submit?: boolean;
  icon?: IconName;
  /** Where the words alone do not say what it is about; begins with them. */
  label?: string;
  /** In a dialog that opens, before what stands in front of it. */
  focus?: boolean;
  onClick?: () => void;
}

/** While busy it keeps the focus and its place, and does nothing: `disabled` would drop the focus. */
export function Button({ children, kind = "filled", danger, wide, busy, submit, icon, label, focus, onClick }: ButtonProps) {
  const classes = ["button", kind, danger && "danger", wide && "wide"].filter(Boolean).join(" ");
  return (
    <button
      type={submit ? "submit" : "button"}
      class={classes}
      aria-label={label}
      autoFocus={focus ?? false}
      aria-disabled={busy ? "true" : undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.();
      }}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

export function IconButton({ icon, label, danger, pressed, onClick }: {
  icon: IconName;
  label: string;
  danger?: boolean;
  pressed?: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      class={danger ? "icon-button danger" : "icon-button"}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
