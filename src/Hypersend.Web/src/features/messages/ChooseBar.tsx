import { t } from "../../app";
import type { ChatEntry, MessageWindow } from "../../core/model";
import { IconButton } from "../../ui/Button";
import { openDialog } from "../shell/dialogs";
import type { Desk } from "./desk";
import { canDelete, copyText, deleteMessages } from "./messageMenu";
import { nameOf } from "./words";

/** In place of the bar on top while messages are being chosen. */
export function ChooseBar({ chat, desk, window: view }: { chat: ChatEntry; desk: Desk; window: MessageWindow }) {
  const chosen = desk.chosen.value ?? new Set<string>();
  const entries = view.items.value.filter((entry) => entry.kind === "message" && chosen.has(entry.message.id));
  const done = (): void => {
    desk.chosen.value = null;
  };
  const ids = entries.map((entry) => (entry.kind === "message" ? entry.message.id : ""));
  return (
    <div class="bar choose-bar" role="toolbar" aria-label={t("message.select")}>
      <IconButton icon="close" label={t("action.cancel")} onClick={done} />
      <p class="bar-title grow" role="status">{t("choose.count", { count: chosen.size })}</p>
      <IconButton
        icon="copy"
        label={t("action.copy")}
        onClick={() => {
          const lines = entries.flatMap((entry) => entry.kind === "message" && entry.message.content
            ? [`${nameOf(entry.message.sender)}: ${entry.message.content}`]
            : []);
          copyText(lines.join("\n"), t("action.copied"));
          done();
        }}
      />
      <IconButton
        icon="forward"
        label={t("message.forward")}
        onClick={() => {
          openDialog({ name: "forward", ids });
          done();
        }}
      />
      {entries.every((entry) => entry.kind === "message" && canDelete(chat, entry)) && (
        <IconButton
          icon="trash"
          danger
          label={t("action.delete")}
          onClick={() => {
            deleteMessages(ids);
            done();
          }}
        />
      )}
    </div>
  );
}
