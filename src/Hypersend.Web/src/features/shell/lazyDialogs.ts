/** The dialogs of the messenger travel together, once the first of them is asked for. */
export { InviteDialog } from "../chats/InviteDialog";
export { MuteDialog } from "../chats/MuteDialog";
export { NewChat } from "../chats/NewChat";
export { AddMembers } from "../details/AddMembers";
export { Bans } from "../details/Bans";
export { EditChat } from "../details/EditChat";
export { DirectHistory } from "../direct/DirectHistory";
export { SendFiles } from "../files/SendFiles";
export { ShareDialog } from "../files/ShareDialog";
export { TransfersDrawer } from "../files/TransfersDrawer";
export { ForwardDialog } from "../messages/ForwardDialog";
export { ReactDialog, Receipts, Versions } from "../messages/MessageFacts";
export { ScheduleDialog } from "../messages/ScheduleDialog";
export { ShortcutSheet } from "./ShortcutSheet";
export { Switcher } from "./Switcher";
