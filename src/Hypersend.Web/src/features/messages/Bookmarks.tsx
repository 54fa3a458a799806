import { errorText, t } from "../../app";
import type { Message } from "../../core/api/types";
import { paths } from "../../core/places";
import { talk } from "../../talk";
import { AppBar } from "../../ui/AppBar";
import { Button, IconButton } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { back } from "../../ui/router";
import { Message as Notice } from "../../ui/Screen";
import { RowSkeletons } from "../../ui/Skeletons";
import { toast } from "../../ui/Toast";
import { usePaged } from "../../ui/usePaged";
import { MessageRow } from "./MessageRow";

export function Bookmarks() {
  const kept = usePaged<Message>((cursor) => talk().messages.bookmarks(cursor), []);
  const remove = (message: Message): void => {
    kept.set((kept.items ?? []).filter((other) => other.id !== message.id));
    talk().messages.bookmark(message.id, false).catch((error: unknown) => {
      toast(errorText(error));
      kept.reload();
    });
  };
  return (
    <div class="pane-inner">
      <AppBar title={t("bookmarks.title")} onBack={() => back(paths.chats)} />
      <div class="pane-scroll">
        {kept.error !== null && <Notice inner title={errorText(kept.error)} action={t("action.retry")} onAction={kept.reload} />}
        {kept.items === null && kept.error === null && <RowSkeletons />}
        {kept.items?.length === 0 && <Empty icon="bookmark" title={t("bookmarks.none")} text={t("bookmarks.hint")} />}
        <ul class="rows">
          {kept.items?.map((message) => (
            <li key={message.id}>
              <MessageRow message={message}>
                <IconButton icon="close" label={t("message.unbookmark")} onClick={() => remove(message)} />
              </MessageRow>
            </li>
          ))}
        </ul>
        {kept.more && <div class="pad"><Button kind="tonal" wide busy={kept.busy} onClick={kept.next}>{t("devices.more")}</Button></div>}
      </div>
    </div>
  );
}
