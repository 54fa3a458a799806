import { errorText, t } from "../../app";
import type { ChatMember } from "../../core/api/types";
import type { ChatEntry } from "../../core/model";
import { talk } from "../../talk";
import { Button } from "../../ui/Button";
import { confirm } from "../../ui/Confirm";
import { Icon } from "../../ui/Icon";
import { openMenu } from "../../ui/Menu";
import { Message } from "../../ui/Screen";
import { RowSkeletons } from "../../ui/Skeletons";
import { toast } from "../../ui/Toast";
import { usePaged } from "../../ui/usePaged";
import { runsChat } from "../chats/chatName";
import { isMe, nameOf, roleName } from "../messages/words";
import { openPerson } from "../people/openPerson";
import { PersonRow } from "../people/PersonRow";
import { useWatched } from "../people/useWatched";

export function Members({ chat }: { chat: ChatEntry }) {
  const known = talk().chats.members(chat.id).value;
  const paged = usePaged<ChatMember>((cursor) => talk().chats.loadMembers(chat.id, cursor), [chat.id, chat.member_count, known?.map((one) => one.role).join()]);
  useWatched("members", (paged.items ?? []).slice(0, 200).map((member) => member.user.id));
  if (paged.error !== null) return <Message inner title={errorText(paged.error)} action={t("action.retry")} onAction={paged.reload} />;
  if (paged.items === null) return <RowSkeletons count={4} />;
  return (
    <section class="card flush">
      <ul class="rows">
        {paged.items.map((member) => (
          <li key={member.user.id}>
            <PersonRow
              person={member.user}
              {...(member.role === "owner" || member.role === "admin" ? { note: roleName(member.role) } : {})}
              onClick={() => openPerson(member.user.id)}
            >
              {mayChange(chat, member) && (
                <button type="button" class="icon-button" aria-label={t("members.menu", { name: nameOf(member.user) })} onClick={(event) => open(chat, member, event.currentTarget, paged.reload)}>
                  <Icon name="more" />
                </button>
              )}
            </PersonRow>
          </li>
        ))}
      </ul>
      {paged.more && <div class="pad"><Button kind="tonal" wide busy={paged.busy} onClick={paged.next}>{t("devices.more")}</Button></div>}
    </section>
  );
}

const mayChange = (chat: ChatEntry, member: ChatMember): boolean =>
  runsChat(chat) && !isMe(member.user) && member.role !== "owner" && (chat.my_role === "owner" || member.role !== "admin");

function open(chat: ChatEntry, member: ChatMember, at: Element, changed: () => void): void {
  const { chats } = talk();
  const act = (work: Promise<unknown>): void => void work.then(changed, (error: unknown) => toast(errorText(error)));
  const plain = chat.type === "channel" ? "subscriber" as const : "member" as const;
  openMenu({
    label: t("members.menu", { name: nameOf(member.user) }),
    at,
    items: [
      chat.my_role === "owner" && member.role !== "admin" && {
        icon: "shield", text: t("members.makeAdmin"), run: () => act(chats.setRole(chat.id, member.user.id, "admin")),
      },
      chat.my_role === "owner" && member.role === "admin" && {
        icon: "person", text: t("members.makeMember"), run: () => act(chats.setRole(chat.id, member.user.id, plain)),
      },
      { icon: "leave", text: t("action.remove"), danger: true, run: () => act(chats.removeMember(chat.id, member.user.id)) },
      {
        icon: "ban", text: t("members.ban"), danger: true,
        run: () => void confirm({ title: t("members.ban"), text: t("members.ban.text", { name: nameOf(member.user) }), action: t("members.ban"), danger: true })
          .then((yes) => yes && act(chats.ban(chat.id, member.user.id))),
      },
    ],
  });
}
