/** A ring around a button: how much of a thing is done. `value` from 0 to 1, null while unknown. */
export function ProgressRing({ value, label }: { value: number | null; label: string }) {
  const around = 2 * Math.PI * 20;
  return (
    <svg
      class={value === null ? "ring unknown" : "ring"}
      viewBox="0 0 44 44"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value === null ? undefined : Math.round(value * 100)}
    >
      <circle class="ring-track" cx="22" cy="22" r="20" />
      <circle
        class="ring-done"
        cx="22"
        cy="22"
        r="20"
        stroke-dasharray={around}
        stroke-dashoffset={around * (1 - (value ?? 0.25))}
      />
    </svg>
  );
}

export function ProgressBar({ value, label }: { value: number; label: string }) {
  return <progress class="progress" value={value} max={1} aria-label={label} />;
}
