import { useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { followSettings, mySettings, server, serverName, session, t } from "./app";
import { lazy } from "./ui/Lazy";
import { go, path } from "./ui/router";
import { Message, Waiting } from "./ui/Screen";
import { Toasts } from "./ui/Toast";

const Login = lazy(() => import("./features/accounts/entry").then((m) => m.Login));
const Register = lazy(() => import("./features/accounts/entry").then((m) => m.Register));
const ForgotPassword = lazy(() => import("./features/accounts/entry").then((m) => m.ForgotPassword));
const ConfirmMail = lazy(() => import("./features/accounts/entry").then((m) => m.ConfirmMail));
const ResetPassword = lazy(() => import("./features/accounts/entry").then((m) => m.ResetPassword));
/** What somebody who is signed in sees first. */
export const loadHome = () => import("./features/shell/entry");
const Home = lazy(() => loadHome().then((m) => m.Home));

export function Shell() {
  useEffect(() => {
    document.title = serverName();
  }, [serverName()]);
  useSignalEffect(() => {
    if (session.state.value === "in") void followSettings();
    else mySettings.value = null;
  });
  return (
    <>
      <a class="skip" href="#content">{t("app.skip")}</a>
      <Screen />
      <Toasts />
    </>
  );
}

function Screen() {
  const here = path.value;
  // Links of mails work whoever is logged in here.
  if (here === "/reset") return <ResetPassword />;
  if (here === "/confirm") return <ConfirmMail />;
  switch (session.state.value) {
    case "starting":
      return <Waiting />;
    case "unreachable":
      return (
        <Message
          title={t("app.offline.title")}
          text={t("error.offline")}
          action={t("action.retry")}
          onAction={() => void session.start()}
        />
      );
    case "moved":
      return (
        <Message
          title={t("app.moved.title")}
          text={t("app.moved.text")}
          action={t("app.moved.go")}
          onAction={() => location.assign("/")}
        />
      );
    case "out":
      // Where nobody has an account yet there is nothing to log in to.
      if (here === "/register" || (here === "/" && server.value?.needs_setup)) return <Register />;
      if (here === "/forgot") return <ForgotPassword />;
      // Any other address is asked for again after logging in.
      return <Login />;
    case "in":
      if (["/login", "/register", "/forgot"].includes(here)) return <Redirect to="/" />;
      return <Home />;
  }
}

function Redirect({ to }: { to: string }) {
  useEffect(() => go(to, true), [to]);
  return <Waiting />;
}
