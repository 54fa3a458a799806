import { useEffect, useRef } from "preact/hooks";
import { t } from "../../app";
import { IconButton } from "../../ui/Button";
import { lazy } from "../../ui/Lazy";

const EmojiPicker = lazy(() => import("./EmojiPicker").then((module) => module.EmojiPicker));

/** The smile beside the text, and the picker that it opens; the picker is fetched when it is first wanted. */
export function EmojiPopover({ open, onToggle, onPick }: {
  open: boolean;
  onToggle: (open: boolean) => void;
  onPick: (emoji: string) => void;
}) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open) ref.current?.showPopover();
    else if (ref.current?.matches(":popover-open")) ref.current.hidePopover();
  }, [open]);
  return (
    <>
      <IconButton icon="smile" label={t("emoji.title")} pressed={open} onClick={() => onToggle(!open)} />
      <div
        ref={ref}
        class="emoji-popover"
        popover="auto"
        onToggle={(event) => {
          if (event.newState === "closed") onToggle(false);
        }}
      >
        {open && <EmojiPicker onPick={onPick} />}
      </div>
    </>
  );
}
