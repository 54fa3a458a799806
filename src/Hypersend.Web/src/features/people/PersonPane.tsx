import { errorText, i18n, t } from "../../app";
import type { User } from "../../core/api/types";
import { paths } from "../../core/places";
import { talk } from "../../talk";
import { AppBar } from "../../ui/AppBar";
import { Avatar } from "../../ui/Avatar";
import { confirm } from "../../ui/Confirm";
import { Button } from "../../ui/Button";
import { back } from "../../ui/router";
import { Message, Waiting } from "../../ui/Screen";
import { toast } from "../../ui/Toast";
import { useLoaded } from "../../ui/useLoaded";
import { sendDirectly } from "../direct/actions";
import { isMe, nameOf } from "../messages/words";
import { presenceText } from "./lastSeen";
import { writeTo } from "./openPerson";
import { useWatched } from "./useWatched";

/** Somebody's profile, and what I can do about them. */
export function PersonPane({ id }: { id: string }) {
  const [loaded, { set, reload }] = useLoaded(() => talk().people.load(id));
  useWatched("person", [id]);
  return (
    <div class="pane-inner">
      <AppBar title={t("person.title")} onBack={() => back(paths.chats)} />
      <div class="pane-scroll">
        {loaded.state === "loading" && <Waiting inner />}
        {loaded.state === "failed" && <Message inner title={errorText(loaded.error)} action={t("action.retry")} onAction={reload} />}
        {loaded.state === "ready" && <Profile user={loaded.value} onChange={set} />}
      </div>
    </div>
  );
}

function Profile({ user, onChange }: { user: User; onChange: (user: User) => void }) {
  const { people } = talk();
  const presence = people.presence(user.id).value;
  const fail = (error: unknown): void => toast(errorText(error));
  const follow = (): void => void people.follow(user.id, !user.following).then(() => onChange({ ...user, following: !user.following }), fail);
  async function block(): Promise<void> {
    const on = !user.blocked;
    if (on && !(await confirm({ title: t("person.block"), text: t("person.block.text", { name: nameOf(user) }), action: t("person.block"), danger: true }))) return;
    await people.block(user.id, on).then(() => onChange({ ...user, blocked: on }), fail);
  }
  return (
    <div class="details">
      <div class="details-head">
        <Avatar user={user} size="large" presence={presence} />
        <h2><bdi>{nameOf(user)}</bdi></h2>
        <p class="soft"><bdi>@{user.username}</bdi></p>
        {!isMe(user) && <p class={presence.online ? "small lively" : "small soft"}>{presenceText(presence)}</p>}
      </div>
      {!isMe(user) && (
        <div class="details-actions">
          <Button kind="tonal" icon="chat" onClick={() => writeTo(user.id)}>{t("person.write")}</Button>
          <Button kind="tonal" icon="send" onClick={() => sendDirectly(user.id)}>{t("direct.send")}</Button>
          <Button kind="tonal" icon={user.following ? "check" : "personAdd"} onClick={follow}>{t(user.following ? "person.unfollow" : "person.follow")}</Button>
        </div>
      )}
      {user.bio && <section class="card"><h3>{t("field.bio")}</h3><p class="lines" dir="auto">{user.bio}</p></section>}
      <section class="card"><p class="soft small">{t("profile.since", { date: i18n.date(user.created_at) })}</p></section>
      {!isMe(user) && (
        <section class="card">
          <Button kind="text" danger icon="ban" onClick={() => void block()}>{t(user.blocked ? "person.unblock" : "person.block")}</Button>
        </section>
      )}
    </div>
  );
}
