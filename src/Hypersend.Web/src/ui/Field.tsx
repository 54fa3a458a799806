import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../app";
import { wordsDir } from "./wordsDir";

export interface FieldProps {
  label: string;
  name: string;
  value: string;
  onInput: (value: string) => void;
  type?: "text" | "email" | "password";
  hint?: string | undefined;
  error?: string | undefined;
  optional?: boolean;
  autoComplete?: string;
  inputMode?: "text" | "email" | "numeric";
  code?: boolean;
  lines?: boolean;
  maxLength?: number;
  focus?: boolean;
  /** What stands inside the box after the input (show password). */
  after?: ComponentChildren;
  /** What stands between the box and the hint (password strength). */
  below?: ComponentChildren;
}

/** A label, a native input and one line below that says the hint or, in its place, what is wrong. */
export function Field(props: FieldProps) {
  const id = useId();
  const note = props.error ?? props.hint;
  const ref = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  useEffect(() => {
    // The browser heeds `autofocus` in a dialog that opens, and of a page only the first.
    if (props.focus) ref.current?.focus();
  }, []);
  const shared = {
    ref,
    id,
    name: props.name,
    value: props.value,
    dir: wordsDir(props.value),
    "aria-invalid": props.error ? ("true" as const) : undefined,
    "aria-describedby": note ? `${id}-note` : undefined,
    "aria-required": props.optional ? undefined : ("true" as const),
    maxLength: props.maxLength,
    autoFocus: props.focus ?? false,
  };
  const read = (event: Event): void => props.onInput((event.currentTarget as HTMLInputElement).value);
  const plain = props.type !== undefined || props.code || props.autoComplete === "username";
  return (
    <div class={props.error ? "field bad" : "field"}>
      <label for={id}>{props.optional ? t("field.optional", { label: props.label }) : props.label}</label>
      <div class="box">
        {props.lines ? (
          <textarea {...shared} rows={3} onInput={read} />
        ) : (
          <input
            {...shared}
            class={props.code ? "code" : undefined}
            type={props.type ?? "text"}
            autoComplete={props.autoComplete ?? "off"}
            inputMode={props.inputMode}
            autoCapitalize={plain ? "none" : undefined}
            spellcheck={plain ? false : undefined}
            onInput={read}
          />
        )}
        {props.after}
      </div>
      {props.below}
      {note && <p class="note" id={`${id}-note`}>{note}</p>}
    </div>
  );
}
