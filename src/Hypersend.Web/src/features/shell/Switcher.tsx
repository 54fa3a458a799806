import { t } from "../../app";
import { paths } from "../../core/places";
import { Dialog } from "../../ui/Dialog";
import { go } from "../../ui/router";
import { ChatChooser } from "../chats/ChatChooser";

/** Ctrl+K: a few letters, Enter, there. */
export function Switcher({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t("keys.switcher")} onClose={onClose}>
      <ChatChooser
        onPick={(chat) => {
          onClose();
          go(paths.chat(chat.id));
        }}
      />
    </Dialog>
  );
}
