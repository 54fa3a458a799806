import { t } from "../../app";
import type { Message } from "../../core/api/types";
import { Icon } from "../../ui/Icon";
import { openDialog } from "../shell/dialogs";
import { react } from "./Reactions";
import { recentEmoji, rememberEmoji } from "./recentEmoji";

/** The quick reactions above a message's menu, and the way to all others. */
export function EmojiRow({ message, onDone }: { message: Message; onDone: () => void }) {
  const take = (emoji: string): void => {
    onDone();
    rememberEmoji(emoji);
    react(message, emoji);
  };
  return (
    <div class="emoji-row" role="group" aria-label={t("message.react")}>
      {recentEmoji(6).map((emoji) => (
        <button
          key={emoji}
          type="button"
          class="emoji"
          aria-pressed={message.reactions.some((reaction) => reaction.emoji === emoji && reaction.me)}
          onClick={() => take(emoji)}
        >
          {emoji}
        </button>
      ))}
      <button
        type="button"
        class="emoji more"
        aria-label={t("emoji.title")}
        onClick={() => {
          onDone();
          openDialog({ name: "react", message });
        }}
      >
        <Icon name="add" />
      </button>
    </div>
  );
}
