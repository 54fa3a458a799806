import { t } from "../../app";
import { paths } from "../../core/places";
import { talk } from "../../talk";
import { AppBar } from "../../ui/AppBar";
import { Empty } from "../../ui/Empty";
import { back } from "../../ui/router";
import { ChatRow } from "./ChatRow";

export function Archive() {
  const archived = talk().chats.chats.value.filter((chat) => chat.archived);
  return (
    <div class="pane-inner">
      <AppBar title={t("archive.title")} onBack={() => back(paths.chats)} />
      <div class="pane-scroll">
        {archived.length === 0 && <Empty icon="archive" title={t("filter.none")} text={t("archive.hint")} />}
        <ul class="rows">{archived.map((chat) => <ChatRow key={chat.id} chat={chat} current={false} />)}</ul>
      </div>
    </div>
  );
}
