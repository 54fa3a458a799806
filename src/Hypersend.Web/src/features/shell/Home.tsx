import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { errorText, session, t } from "../../app";
import type { Keeps } from "../../core/model";
import { placeOf, paths } from "../../core/places";
import { startMessenger } from "../../messenger";
import { forgetPerson } from "../../personal";
import { messenger, talk } from "../../talk";
import { lazy } from "../../ui/Lazy";
import { go, path } from "../../ui/router";
import { Message, Waiting } from "../../ui/Screen";
import { refuseStrayDrops } from "../files/useDrop";
import { Messenger } from "./Messenger";
import { useNotifications } from "./notifications";

const Account = lazy(() => import("../accounts/own").then((m) => m.Account));
const DirectOffers = lazy(() => import("../direct/DirectOffers").then((m) => m.DirectOffers), () => null);
const Admin = lazy(() => import("../admin/Admin").then((m) => m.Admin));

const recallWithinMs = 150;

/** Whoever ended this session from elsewhere may not have the device any more: it does not go on holding what was said. */
const keeps = (): Keeps => (session.expelled.peek() ? "unsent" : "all");

/** Everything behind the sign-in: begins the connection, shows the screens, ends it when the person leaves. */
export function Home() {
  const user = session.user.value?.id ?? null;
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  useLayoutEffect(() => {
    if (!user) return;
    let gone = false;
    setError(null);
    startMessenger().then(async (started) => {
      // Drawn once, with the chats in it, where they are at hand; a disk that is slower is not waited for.
      await Promise.race([started.recalled, new Promise((resolve) => setTimeout(resolve, recallWithinMs))]);
      if (gone) void started.stop(keeps());
      else messenger.value = started;
    }).catch((failure: unknown) => !gone && setError(failure));
    return () => {
      gone = true;
      void messenger.value?.stop(keeps());
      messenger.value = null;
      forgetPerson();
    };
  }, [user, round]);
  if (error) return <Message title={errorText(error)} action={t("action.retry")} onAction={() => setRound(round + 1)} />;
  return messenger.value ? <Screens /> : <Waiting />;
}

function Screens() {
  useNotifications();
  useEffect(refuseStrayDrops, []);
  const { directs } = talk();
  return (
    <>
      <Screen />
      {(directs.offers.value.length > 0 || directs.transfers.value.some(({ state }) => state === "needs-place" || state === "needs-file")) && <DirectOffers />}
    </>
  );
}

function Screen() {
  const place = placeOf(path.value);
  switch (place.name) {
    case "settings":
      return <Account />;
    case "admin":
      return session.user.value?.role === "admin" ? <Admin /> : <Nowhere />;
    case "nowhere":
      return <Nowhere />;
    default:
      return <Messenger />;
  }
}

function Nowhere() {
  return <Message title={t("app.notFound.title")} text={t("app.notFound.text")} action={t("app.home")} onAction={() => go(paths.chats)} />;
}
