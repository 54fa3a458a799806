import { t } from "../../app";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";

/** Under what was not sent: why, and what can be done. */
export function FailedNote({ text, onRetry, onDelete }: { text: string; onRetry: () => void; onDelete: () => void }) {
  return (
    <div class="failed-note" role="alert">
      <p><Icon name="alert" small /> {text}</p>
      <div class="row">
        <Button kind="text" icon="reload" onClick={onRetry}>{t("action.retry")}</Button>
        <Button kind="text" danger icon="trash" onClick={onDelete}>{t("action.delete")}</Button>
      </div>
    </div>
  );
}
