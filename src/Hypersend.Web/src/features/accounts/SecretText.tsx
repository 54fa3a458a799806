import { CopyButton } from "./CopyButton";

/** Text that is read or copied by hand: monospaced, left to right in every language. */
export function SecretText({ label, text }: { label: string; text: string }) {
  return (
    <div class="stack tight">
      <div class="row">
        <strong class="small grow">{label}</strong>
        <CopyButton text={text} label={label} />
      </div>
      <p class="secret" dir="ltr">{text}</p>
    </div>
  );
}
