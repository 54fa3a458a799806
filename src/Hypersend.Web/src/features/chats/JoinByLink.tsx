import { useEffect } from "preact/hooks";
import { errorText, t } from "../../app";
import { paths } from "../../core/places";
import { talk } from "../../talk";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { ErrorNotice } from "../../ui/Notice";
import { go } from "../../ui/router";
import { useTask } from "../../ui/useTask";

/** What an invitation's link opens. A click, so that nobody joins by following a link unawares. */
export function JoinByLink({ token }: { token: string }) {
  const task = useTask(async () => {
    const chat = await talk().chats.joinByInvite(token);
    go(paths.chat(chat.id), true);
  });
  useEffect(() => task.clear(), [token]);
  return (
    <div class="pane-inner ground centred">
      <div class="card narrow">
        <Empty icon="link" title={t("invite.open")} text={t("invite.open.text")}>
          <ErrorNotice text={task.error ? errorText(task.error) : null} />
          <Button busy={task.busy} onClick={() => task.run()}>{t("chat.join")}</Button>
          <Button kind="text" onClick={() => go(paths.chats, true)}>{t("action.cancel")}</Button>
        </Empty>
      </div>
    </div>
  );
}
