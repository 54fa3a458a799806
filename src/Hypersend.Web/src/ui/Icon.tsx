import { turning, type IconName } from "./iconNames";
import sprite from "./icons.svg?url";

export type { IconName } from "./iconNames";

export function Icon({ name, small }: { name: IconName; small?: boolean }) {
  const classes = ["icon", small && "small-icon", turning.has(name) && "turns"].filter(Boolean).join(" ");
  return (
    <svg class={classes} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <use href={`${sprite}#${name}`} />
    </svg>
  );
}
