import { useId } from "preact/hooks";

export function Switch({ label, hint, on, onChange }: {
  label: string;
  hint?: string;
  on: boolean;
  onChange: (on: boolean) => void;
}) {
  const id = useId();
  return (
    <label class="switch-row" for={id}>
      <span class="stack tight grow">
        <span>{label}</span>
        {hint && <span class="small soft" id={`${id}-hint`}>{hint}</span>}
      </span>
      <input
        id={id}
        type="checkbox"
        role="switch"
        class="switch"
        checked={on}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}
