import { useEffect, useRef } from "preact/hooks";
import { t } from "../app";
import { IconButton } from "./Button";
import { Icon } from "./Icon";
import { wordsDir } from "./wordsDir";

/** What lies over the page closes at the first Escape: by itself the browser would only empty the field. */
function closeOver(event: KeyboardEvent): void {
  const over = event.key === "Escape" && !event.isComposing && (event.currentTarget as Element).closest<HTMLElement>("dialog, [popover]");
  if (!over || event.defaultPrevented) return;
  event.preventDefault();
  if (over instanceof HTMLDialogElement) over.close();
  else over.hidePopover();
}

export function SearchField({ label, value, focus, onInput, onFocus, onKeyDown }: {
  label: string;
  value: string;
  /** At first, and again whenever it is another number. */
  focus?: boolean | number;
  onInput: (value: string) => void;
  onFocus?: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
}) {
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!focus) return;
    ref.current!.focus();
    ref.current!.setSelectionRange(value.length, value.length);
  }, [focus]);
  return (
    <div class="search-field">
      <Icon name="search" />
      <input
        ref={ref}
        type="search"
        dir={wordsDir(value)}
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        enterkeyhint="search"
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
        onFocus={onFocus}
        onKeyDown={(event) => {
          onKeyDown?.(event);
          closeOver(event);
        }}
      />
      {value && (
        <IconButton
          icon="close"
          label={t("action.clear")}
          onClick={() => {
            onInput("");
            ref.current?.focus();
          }}
        />
      )}
    </div>
  );
}
