import { errorText, t } from "../../app";
import type { ChatEntry } from "../../core/model";
import { dropShared, readShared, type Shared } from "../../core/offline/shared";
import { paths } from "../../core/places";
import { bytes } from "../../formats";
import { talk } from "../../talk";
import { AppBar } from "../../ui/AppBar";
import { Empty } from "../../ui/Empty";
import { Icon } from "../../ui/Icon";
import { back, go } from "../../ui/router";
import { Message, Waiting } from "../../ui/Screen";
import { useLoaded } from "../../ui/useLoaded";
import { offerFiles } from "../files/offerFiles";
import { deskOf } from "../messages/desk";
import { ChatChooser } from "./ChatChooser";
import { may } from "./chatName";

/** What another app handed over, and the chats it can go to. Nothing is sent by the choice alone. */
export function ShareIn() {
  const [loaded, { reload }] = useLoaded(async () => ("caches" in globalThis ? readShared(caches) : null));
  return (
    <div class="pane-inner">
      <AppBar title={t("share.into")} onBack={() => back(paths.chats)} />
      {loaded.state === "loading" && <Waiting inner />}
      {loaded.state === "failed" && <Message inner title={errorText(loaded.error)} action={t("action.retry")} onAction={reload} />}
      {loaded.state === "ready" && (loaded.value ? <Choice shared={loaded.value} /> : <Empty icon="forward" title={t("filter.none")} />)}
    </div>
  );
}

function Choice({ shared }: { shared: Shared }) {
  const { words, files } = shared;
  const total = files.reduce((sum, file) => sum + file.size, 0);
  return (
    <div class="share-in">
      <section class="shared">
        {files.length > 0 && (
          <p class="row"><Icon name="file" small /><span class="grow one-line" dir="auto">{files.map((file) => file.name).join(", ")}</span><span class="soft small">{bytes(total)}</span></p>
        )}
        {words && <p class="two-lines soft" dir="auto">{words}</p>}
      </section>
      <ChatChooser allowed={(chat) => may(chat, "send")} onPick={(chat) => void give(chat, shared)} />
    </div>
  );
}

async function give(chat: ChatEntry, { words, files }: Shared): Promise<void> {
  const desk = deskOf(chat.id, null, chat.draft ?? "");
  if (words) {
    desk.text.value = [desk.text.value, words].filter(Boolean).join("\n");
    talk().chats.draft(chat.id, desk.text.value);
  }
  go(paths.chat(chat.id), true);
  offerFiles(desk, files.map((file) => ({ file })));
  await dropShared(caches);
}
