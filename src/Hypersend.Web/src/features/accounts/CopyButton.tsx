import { useState } from "preact/hooks";
import { t } from "../../app";
import { Button } from "../../ui/Button";

/** Copies text. Where the page has no clipboard (plain http from another machine) it selects by `user-select` alone. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  // Undefined outside secure contexts, whatever the type says.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (!clipboard) return null;
  return (
    <Button
      kind="text"
      icon={copied ? "check" : "copy"}
      onClick={() => void clipboard.writeText(text).then(() => setCopied(true), () => setCopied(false))}
    >
      {t(copied ? "action.copied" : "action.copy")}
      {label && <span class="unseen"> {label}</span>}
    </Button>
  );
}
