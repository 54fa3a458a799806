import { t } from "../../app";
import { Message } from "../../ui/Screen";

/** A conversation that was never looked at here, opened without a network. */
export function Absent({ onAction }: { onAction: () => void }) {
  return <Message inner title={t("list.absent")} text={t("error.offline")} action={t("action.retry")} onAction={onAction} />;
}
