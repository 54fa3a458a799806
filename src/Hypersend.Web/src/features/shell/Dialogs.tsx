import { t } from "../../app";
import { Dialog } from "../../ui/Dialog";
import { lazy } from "../../ui/Lazy";
import { CopyButton } from "../accounts/CopyButton";
import { transfersOpen } from "../files/transfersOpen";
import { viewing } from "../files/viewer";
import { closeDialog, dialog } from "./dialogs";

const nothing = (): null => null;
const NewChat = lazy(() => import("./lazyDialogs").then((m) => m.NewChat), nothing);
const ForwardDialog = lazy(() => import("./lazyDialogs").then((m) => m.ForwardDialog), nothing);
const ReactDialog = lazy(() => import("./lazyDialogs").then((m) => m.ReactDialog), nothing);
const Versions = lazy(() => import("./lazyDialogs").then((m) => m.Versions), nothing);
const Receipts = lazy(() => import("./lazyDialogs").then((m) => m.Receipts), nothing);
const ShareDialog = lazy(() => import("./lazyDialogs").then((m) => m.ShareDialog), nothing);
const InviteDialog = lazy(() => import("./lazyDialogs").then((m) => m.InviteDialog), nothing);
const AddMembers = lazy(() => import("./lazyDialogs").then((m) => m.AddMembers), nothing);
const Bans = lazy(() => import("./lazyDialogs").then((m) => m.Bans), nothing);
const EditChat = lazy(() => import("./lazyDialogs").then((m) => m.EditChat), nothing);
const MuteDialog = lazy(() => import("./lazyDialogs").then((m) => m.MuteDialog), nothing);
const ScheduleDialog = lazy(() => import("./lazyDialogs").then((m) => m.ScheduleDialog), nothing);
const DirectHistory = lazy(() => import("./lazyDialogs").then((m) => m.DirectHistory), nothing);
const SendFiles = lazy(() => import("./lazyDialogs").then((m) => m.SendFiles), nothing);
const ShortcutSheet = lazy(() => import("./lazyDialogs").then((m) => m.ShortcutSheet), nothing);
const Switcher = lazy(() => import("./lazyDialogs").then((m) => m.Switcher), nothing);
const TransfersDrawer = lazy(() => import("./lazyDialogs").then((m) => m.TransfersDrawer), nothing);
const Viewer = lazy(() => import("../files/Viewer").then((m) => m.Viewer), nothing);

/** Whatever lies on the messenger at the moment. */
export function Dialogs() {
  return (
    <>
      <Asked />
      {transfersOpen.value && <TransfersDrawer />}
      {viewing.value && <Viewer {...viewing.value} />}
    </>
  );
}

function Asked() {
  const asked = dialog.value;
  const onClose = (): void => {
    // A dialog that closes late must not take the next one with it.
    if (dialog.value === asked) closeDialog();
  };
  switch (asked?.name) {
    case "new":
      return <NewChat key={asked.kind} kind={asked.kind} onClose={onClose} />;
    case "forward":
      return <ForwardDialog ids={asked.ids} onClose={onClose} />;
    case "react":
      return <ReactDialog message={asked.message} onClose={onClose} />;
    case "versions":
      return <Versions message={asked.message} onClose={onClose} />;
    case "receipts":
      return <Receipts message={asked.message} onClose={onClose} />;
    case "share":
      return <ShareDialog file={asked.file} onClose={onClose} />;
    case "invite":
      return <InviteDialog chat={asked.chat} onClose={onClose} />;
    case "addMembers":
      return <AddMembers chat={asked.chat} onClose={onClose} />;
    case "bans":
      return <Bans chat={asked.chat} onClose={onClose} />;
    case "editChat":
      return <EditChat chat={asked.chat} onClose={onClose} />;
    case "mute":
      return <MuteDialog chat={asked.chat} onClose={onClose} />;
    case "schedule":
      return <ScheduleDialog chat={asked.chat} onClose={onClose} />;
    case "send":
      return <SendFiles chat={asked.chat} thread={asked.thread} files={asked.files} text={asked.text} onSent={asked.onSent} onClose={onClose} />;
    case "directHistory":
      return <DirectHistory onClose={onClose} />;
    case "shortcuts":
      return <ShortcutSheet onClose={onClose} />;
    case "switcher":
      return <Switcher onClose={onClose} />;
    case "copy":
      return <Dialog title={t("action.copy")} onClose={onClose}><p class="secret">{asked.text}</p><CopyButton text={asked.text} /></Dialog>;
    case undefined:
      return null;
  }
}
