import { t } from "../../app";
import { Dialog } from "../../ui/Dialog";
import { sendsOnEnter } from "./preferences";
import { command, shortcuts } from "./shortcuts";

/** Which key sends and which begins a line is a setting; the table says what holds on this device. */
function keysOf({ name, keys }: (typeof shortcuts)[number]): readonly string[] {
  if (sendsOnEnter.value || (name !== "send" && name !== "line")) return keys;
  return name === "send" ? [command, "Enter"] : ["Enter"];
}

export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  return <Dialog title={t("keys.title")} onClose={onClose}><ShortcutTable /></Dialog>;
}

export function ShortcutTable() {
  return (
    <dl class="keys">
      {shortcuts.map((one) => (
        <div key={one.name}>
          <dt>{t(`keys.${one.name}`)}</dt>
          <dd dir="ltr">{keysOf(one).map((key) => <kbd key={key}>{key}</kbd>)}</dd>
        </div>
      ))}
    </dl>
  );
}
