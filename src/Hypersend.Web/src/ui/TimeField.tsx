import { useId } from "preact/hooks";

/** A time of day, as 22:00; an emptied field changes nothing. */
export function TimeField({ label, value, onChange }: { label: string; value: string; onChange: (time: string) => void }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="box">
        <input
          id={id}
          type="time"
          value={value}
          onChange={(event) => {
            const time = event.currentTarget.value.slice(0, 5);
            if (time) onChange(time);
          }}
        />
      </div>
    </div>
  );
}
