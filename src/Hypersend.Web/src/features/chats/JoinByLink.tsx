import { errorText, t } from "../../app";
import type { InvitedChat } from "../../core/api/types";
import { plainName } from "../../core/names";
import { paths } from "../../core/places";
import { compact } from "../../formats";
import { talk } from "../../talk";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { FactLine } from "../../ui/FactLine";
import { ErrorNotice } from "../../ui/Notice";
import { go } from "../../ui/router";
import { Waiting } from "../../ui/Screen";
import { useLoaded } from "../../ui/useLoaded";
import { useTask } from "../../ui/useTask";

/** What an invitation's link opens. A click, so that nobody joins by following a link unawares. */
export const JoinByLink = ({ token }: { token: string }) => <Invitation key={token} token={token} />;

function Invitation({ token }: { token: string }) {
  const [loaded] = useLoaded(() => talk().chats.invited(token));
  const task = useTask(async () => {
    const chat = await talk().chats.joinByInvite(token);
    go(paths.chat(chat.id), true);
  });
  const error: unknown = task.error ?? (loaded.state === "failed" ? loaded.error : null);
  const choice = (
    <>
      <ErrorNotice text={error ? errorText(error) : null} />
      <Button busy={task.busy} onClick={() => task.run()}>{t("chat.join")}</Button>
      <Button kind="text" onClick={() => go(paths.chats, true)}>{t("action.cancel")}</Button>
    </>
  );
  return (
    <div class="pane-inner ground centred">
      <div class="card narrow">
        {loaded.state === "loading" ? <Waiting inner />
          : loaded.state === "ready" ? <div class="empty"><Invited token={token} chat={loaded.value} />{choice}</div>
          // Whoever cannot be told what it is may still try.
          : <Empty icon="link" title={t("invite.open")} text={t("invite.open.text")}>{choice}</Empty>}
      </div>
    </div>
  );
}

function Invited({ token, chat }: { token: string; chat: InvitedChat }) {
  const name = plainName(chat.name);
  return (
    <>
      <Avatar user={{ id: token, name }} size="large" />
      <p class="soft">{t("invite.open")}</p>
      <h2 class="empty-title"><bdi>{name}</bdi></h2>
      {chat.description && <p class="lines" dir="auto">{chat.description}</p>}
      <p class="small soft"><FactLine facts={[t(`kind.${chat.type}`), t("chat.members", { count: chat.member_count, shown: compact(chat.member_count) })]} /></p>
    </>
  );
}
