import { useEffect } from "preact/hooks";
import { t } from "../../app";
import type { ChatEntry } from "../../core/model";
import { talk } from "../../talk";
import { IconButton } from "../../ui/Button";
import { useBackClose } from "../../ui/overlay";
import { openDialog } from "../shell/dialogs";
import type { Desk } from "./desk";
import { canDelete, copyText, deleteMessages } from "./messageMenu";
import { nameOf } from "./words";

/** In place of the bar on top while messages are being chosen. */
export function ChooseBar({ chat, desk }: { chat: ChatEntry; desk: Desk }) {
  const { messages: { peek }, people } = talk();
  // The list may have gone far from some of them; in the order of the chat, not in that of choosing.
  const chosen = [...(desk.chosen.value?.values() ?? [])].map((message) => peek(message.id) ?? message).sort((a, b) => a.seq - b.seq);
  const done = (): void => {
    desk.chosen.value = null;
  };
  // Back ends the choosing before it leaves the chat; whoever leaves it otherwise ends it too.
  useBackClose(done);
  useEffect(() => done, [desk]);
  const ids = chosen.map((message) => message.id);
  return (
    <div class="bar choose-bar" role="toolbar" aria-label={t("message.select")}>
      <IconButton icon="close" label={t("action.cancel")} onClick={done} />
      <p class="bar-title grow" role="status">{t("choose.count", { count: chosen.length })}</p>
      <IconButton
        icon="copy"
        label={t("action.copy")}
        onClick={() => {
          const lines = chosen.flatMap(({ sender, content }) => (content ? [`${nameOf(sender)}: ${content}`] : []));
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
      {chosen.every((message) => canDelete(chat, { message, mine: message.sender.id === people.me.value?.id })) && (
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
