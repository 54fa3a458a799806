import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../app";
import { IconButton } from "./Button";
import { useBackClose } from "./overlay";

/** Words for a search are soon written again; all others are somebody's work. */
const isWork = (field: EventTarget | null): boolean => field instanceof HTMLElement && field.matches("textarea, input:not([type=search], [type=checkbox], [type=radio], [type=file])");

/** The padding belongs to the dialog, although a click there hits no child of it. */
function isBeside(dialog: HTMLDialogElement, { clientX: x, clientY: y }: PointerEvent): boolean {
  const box = dialog.getBoundingClientRect();
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}

/** The native modal, a sheet from below on a phone: it traps the focus, closes on Escape, Back and a click beside it, and gives the focus back. */
export function Dialog({ title, children, holds, asks, onClose }: {
  title: string;
  children: ComponentChildren;
  /** Something was put into it that a click beside it must not lose; of words that are written in it that is true anyway. */
  holds?: boolean;
  /** A question has its answers and no third way out. */
  asks?: boolean;
  onClose: () => void;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const isWorkedOn = useRef(holds ?? false);
  const id = useId();
  useBackClose(onClose);
  useEffect(() => {
    const opener = document.activeElement;
    ref.current?.showModal();
    return () => {
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class={asks ? "question" : undefined}
      aria-labelledby={id}
      onClose={onClose}
      onInput={(event) => {
        if (isWork(event.target)) isWorkedOn.current = true;
      }}
      onPointerDown={(event) => {
        if (event.target === ref.current && !isWorkedOn.current && isBeside(event.currentTarget, event)) ref.current?.close();
      }}
    >
      <div class="stack dialog-body">
        <h2 id={id}>{title}</h2>
        {children}
      </div>
      {!asks && <span class="dialog-close"><IconButton icon="close" label={t("action.close")} onClick={() => ref.current?.close()} /></span>}
    </dialog>
  );
}
