import { t } from "../../app";
import { Dialog } from "../../ui/Dialog";
import { shortcuts } from "./shortcuts";

export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  return <Dialog title={t("keys.title")} onClose={onClose}><ShortcutTable /></Dialog>;
}

export function ShortcutTable() {
  return (
    <dl class="keys">
      {shortcuts.map((one) => (
        <div key={one.name}>
          <dt>{t(`keys.${one.name}`)}</dt>
          <dd dir="ltr">{one.keys.map((key) => <kbd key={key}>{key}</kbd>)}</dd>
        </div>
      ))}
    </dl>
  );
}
