import { useEffect, useState } from "preact/hooks";
import { accounts, errorText, session, t } from "../../app";
import type { User } from "../../core/api/types";
import { bytes } from "../../formats";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { confirm } from "../../ui/Confirm";
import { Dialog } from "../../ui/Dialog";
import { FactLine } from "../../ui/FactLine";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { openMenu } from "../../ui/Menu";
import { ErrorNotice } from "../../ui/Notice";
import { SearchField } from "../../ui/SearchField";
import { RowSkeletons } from "../../ui/Skeletons";
import { toast } from "../../ui/Toast";
import { usePaged } from "../../ui/usePaged";
import { useTask } from "../../ui/useTask";
import { nameOf } from "../messages/words";
import { seenText } from "../people/lastSeen";
import { admin } from "./calls";
import { inGiga, ofGiga } from "./giga";

export function AdminPeople() {
  const [query, setQuery] = useState("");
  const [quotaOf, setQuotaOf] = useState<User | null>(null);
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(query.trim()), 250);
    return () => clearTimeout(timer);
  }, [query]);
  const users = usePaged<User>((cursor) => admin.users(asked, cursor), [asked]);
  // A limit that is gone is not in the answer.
  const replace = (changed: User): void => users.set((users.items ?? []).map((user) => (user.id === changed.id ? { ...user, ...changed, quota_bytes: changed.quota_bytes ?? null } : user)));
  const change = useTask(async (user: User, part: Parameters<typeof admin.change>[1]) => replace(await admin.change(user.id, part)));
  const error: unknown = change.error ?? users.error;

  async function logOut(user: User, self: boolean): Promise<void> {
    const text = self ? t("devices.all.text") : t("admin.logout.text", { name: nameOf(user) });
    if (!(await confirm({ title: t("devices.all"), text, action: t("devices.all"), danger: true }))) return;
    await admin.logOut(user.id).then(() => toast(t("admin.loggedOut", { name: nameOf(user) })), (failure: unknown) => toast(errorText(failure)));
  }

  function open(user: User, at: Element): void {
    const self = user.id === session.user.value?.id;
    openMenu({
      label: t("members.menu", { name: nameOf(user) }),
      at,
      items: [
        !self && { icon: "shield", text: t(user.role === "admin" ? "members.makeMember" : "members.makeAdmin"), run: () => change.run(user, { role: user.role === "admin" ? "user" : "admin" }) },
        { icon: "disk", text: t("admin.quota"), run: () => setQuotaOf(user) },
        user.email ? { icon: "key", text: t("admin.reset"), run: () => void accounts.forgotPassword(user.email!).then(() => toast(t("state.sent")), (failure: unknown) => toast(errorText(failure))) } : null,
        { icon: "leave", text: t("devices.all"), run: () => void logOut(user, self) },
        !self && {
          icon: user.disabled ? "check" : "ban", text: t(user.disabled ? "admin.enable" : "admin.disable"), danger: !user.disabled,
          run: () => void (async () => {
            if (user.disabled || await confirm({ title: t("admin.disable"), text: t("admin.disable.text", { name: nameOf(user) }), action: t("admin.disable"), danger: true })) {
              change.run(user, { disabled: !user.disabled });
            }
          })(),
        },
      ],
    });
  }
  return (
    <section class="card flush">
      <div class="pad stack">
        <SearchField label={t("people.search")} value={query} onInput={setQuery} />
        <ErrorNotice text={error ? errorText(error) : null} />
      </div>
      {users.items === null && users.error === null && <RowSkeletons />}
      {users.items?.length === 0 && <p class="soft pad">{t("search.none")}</p>}
      <ul class="rows">
        {users.items?.map((user) => (
          <li key={user.id} class="person-row admin-person">
            <span class="row-link">
              <Avatar user={user} />
              <span class="row-text">
                <span class="row-line">
                  <span class="row-name one-line"><bdi>{nameOf(user)}</bdi></span>
                  {user.role === "admin" && <span class="badge on">{t("role.admin")}</span>}
                  {user.disabled && <span class="badge">{t("admin.disabled")}</span>}
                </span>
                <span class="row-preview"><FactLine facts={[`@${user.username}`, user.email]} /></span>
                <span class="row-preview small">
                  <FactLine facts={[user.last_seen && seenText(user.last_seen), quotaText(user)]} />
                </span>
              </span>
            </span>
            <button type="button" class="icon-button" aria-label={t("members.menu", { name: nameOf(user) })} onClick={(event) => open(user, event.currentTarget)}>
              <Icon name="more" />
            </button>
          </li>
        ))}
      </ul>
      {users.more && <div class="pad"><Button kind="tonal" wide busy={users.busy} onClick={users.next}>{t("devices.more")}</Button></div>}
      {quotaOf && <Quota user={quotaOf} onClose={() => setQuotaOf(null)} onSave={(quota) => change.run(quotaOf, { quota_bytes: quota })} />}
    </section>
  );
}

/** Nothing where the server's usual limit holds. */
const quotaText = ({ quota_bytes: quota }: User): string | null => (typeof quota === "number" ? `${t("admin.quota")}: ${quota > 0 ? bytes(quota) : "∞"}` : null);

function Quota({ user, onSave, onClose }: { user: User; onSave: (bytes: number) => void; onClose: () => void }) {
  const [value, setValue] = useState(typeof user.quota_bytes === "number" ? inGiga(user.quota_bytes) : "");
  const limit = ofGiga(value);
  return (
    <Dialog title={t("admin.quota")} onClose={onClose}>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (limit === null) return;
          onSave(value.trim() === "" ? -1 : limit);
          onClose();
        }}
      >
        <p><bdi>{nameOf(user)}</bdi></p>
        <Field label={t("admin.quota.gb")} name="quota" inputMode="numeric" value={value} onInput={setValue} hint={t("admin.quota.hint")} error={limit === null ? t("error.validation_failed") : undefined} optional />
        <div class="row">
          <Button kind="text" onClick={onClose}>{t("action.cancel")}</Button>
          <Button submit>{t("action.save")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
