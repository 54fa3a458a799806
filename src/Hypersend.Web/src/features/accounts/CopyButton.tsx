import { useState } from "preact/hooks";
import { t } from "../../app";
import { Button, IconButton } from "../../ui/Button";

/** Copies text. Where the page has no clipboard (plain http from another machine) it selects by `user-select` alone. */
export function CopyButton({ text, label, sign }: {
  text: string;
  label?: string;
  /** The sign alone, for rows of which there are many. */
  sign?: boolean;
}) {
  const [copied, setCopied] = useState(false);
  // Undefined outside secure contexts, whatever the type says.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (!clipboard) return null;
  const icon = copied ? "check" : "copy";
  const words = t(copied ? "action.copied" : "action.copy");
  const copy = (): void => void clipboard.writeText(text).then(() => setCopied(true), () => setCopied(false));
  if (sign) return <IconButton icon={icon} label={label ? `${words} ${label}` : words} onClick={copy} />;
  return (
    <Button kind="text" icon={icon} onClick={copy}>
      {words}
      {label && <span class="unseen"> {label}</span>}
    </Button>
  );
}
