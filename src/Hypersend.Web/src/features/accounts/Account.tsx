import { useEffect, useRef } from "preact/hooks";
import { i18n, session, t } from "../../app";
import type { User } from "../../core/api/types";
import type { Key } from "../../core/i18n";
import { personName } from "../../core/names";
import { Avatar } from "../../ui/Avatar";
import { IconButton } from "../../ui/Button";
import { Icon, type IconName } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { PlainHttp } from "../../ui/PlainHttp";
import { back, go, path } from "../../ui/router";
import { useWide } from "../../ui/useWide";
import { paths, placeOf } from "../../core/places";
import { Confirmations } from "../../ui/Confirm";
import { AboutSection } from "./AboutSection";
import { AppearanceSection } from "./AppearanceSection";
import { DevicesSection } from "./DevicesSection";
import { KeyboardSection } from "./KeyboardSection";
import { LogOut } from "./LogOut";
import { NotificationsSection } from "./NotificationsSection";
import { PrivacySection } from "./PrivacySection";
import { ProfileSection } from "./ProfileSection";
import { SecuritySection } from "./SecuritySection";
import { StorageSection } from "./StorageSection";

const sections = [
  { name: "profile", icon: "person", Body: ProfileSection },
  { name: "appearance", icon: "palette", Body: AppearanceSection },
  { name: "notifications", icon: "bell", Body: NotificationsSection },
  { name: "privacy", icon: "eye", Body: PrivacySection },
  { name: "security", icon: "lock", Body: SecuritySection },
  { name: "devices", icon: "screen", Body: DevicesSection },
  { name: "storage", icon: "disk", Body: StorageSection },
  { name: "keyboard", icon: "keyboard", Body: KeyboardSection },
  { name: "about", icon: "info", Body: AboutSection },
] as const satisfies readonly { name: string; icon: IconName; Body: () => unknown }[];

/** Two panes where there is room; on a phone the list, then one section with Back. */
export function Account() {
  const wide = useWide();
  const user = session.user.value;
  const place = placeOf(path.value);
  const named = sections.find((section) => place.name === "settings" && place.section === section.name);
  const shown = named ?? (wide ? sections[0] : undefined);
  const pane = useRef<HTMLElement>(null);
  const before = useRef(shown?.name);
  useEffect(() => {
    // After a move the reader and the keyboard are where the eye is.
    if (before.current !== shown?.name) pane.current?.focus();
    before.current = shown?.name;
  }, [shown?.name]);
  if (!user) return null;

  const title = t("settings.title");
  return (
    <div class="account">
      <header class="account-bar">
        <IconButton
          icon="back"
          label={t("action.back")}
          onClick={() => (wide || !shown ? go(paths.chats) : back(paths.settings()))}
        />
        <h1>{shown && !wide ? t(`account.${shown.name}`) : title}</h1>
      </header>
      <div class="account-body">
        {(wide || !shown) && <AccountNav user={user} current={shown?.name} isMain={!shown} />}
        {shown && (
          <main id="content" class="account-pane" ref={pane} tabIndex={-1}>
            <h2 class={wide ? undefined : "unseen"}>{t(`account.${shown.name}`)}</h2>
            <shown.Body />
          </main>
        )}
      </div>
      <Confirmations />
    </div>
  );
}

function AccountNav({ user, current, isMain }: { user: User; current: string | undefined; isMain: boolean }) {
  const list = (
    <nav class="account-nav" aria-label={t("settings.title")}>
      <div class="account-who">
        <Avatar user={user} size="medium" />
        <div class="grow">
          <p class="name"><bdi>{personName(user)}</bdi></p>
          <p class="soft"><bdi>@{user.username}</bdi></p>
          {user.created_at && <p class="small soft">{t("profile.since", { date: i18n.date(user.created_at) })}</p>}
        </div>
      </div>
      <ul class="account-list">
        {sections.map(({ name, icon }) => (
          <li key={name}>
            <Link to={paths.settings(name)} className="" current={name === current}>
              <span class="tile" data-tone={name}><Icon name={icon} /></span>
              <span class="stack tight grow">
                <span class="title">{t(`account.${name}`)}</span>
                {i18n.has(`account.${name}.about`) && <span class="small soft">{t(`account.${name}.about` as Key)}</span>}
              </span>
              <Icon name="next" />
            </Link>
          </li>
        ))}
      </ul>
      <div class="account-list"><LogOut /></div>
      <PlainHttp />
    </nav>
  );
  return isMain ? <main id="content" tabIndex={-1}>{list}</main> : list;
}
