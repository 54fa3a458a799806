import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

/** A form that validates by our own words, and puts the focus on the first field that is wrong. */
export function Form({ children, onSubmit }: {
  children: ComponentChildren;
  /** Answers false when a field is wrong and nothing was sent. */
  onSubmit: () => boolean;
}) {
  const ref = useRef<HTMLFormElement>(null);
  return (
    <form
      ref={ref}
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (onSubmit()) return;
        // The marks appear with the next frame's drawing.
        requestAnimationFrame(() => ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      }}
    >
      {children}
    </form>
  );
}
