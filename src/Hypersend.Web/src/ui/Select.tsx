import { useId } from "preact/hooks";
import { Icon } from "./Icon";

export interface Choice {
  value: string;
  text: string;
  lang?: string;
}

export function Select({ label, hideLabel, value, choices, onChange }: {
  label: string;
  hideLabel?: boolean;
  value: string;
  choices: readonly Choice[];
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id} class={hideLabel ? "unseen" : undefined}>{label}</label>
      <div class="box">
        <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value} lang={choice.lang}>{choice.text}</option>
          ))}
        </select>
        <Icon name="down" />
      </div>
    </div>
  );
}
