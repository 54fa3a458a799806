import { errorText, i18n, t } from "../../app";
import type { Message } from "../../core/api/types";
import { talk } from "../../talk";
import { toast } from "../../ui/Toast";

export const react = (message: Message, emoji: string): void => {
  const mine = message.reactions.some((reaction) => reaction.emoji === emoji && reaction.me);
  talk().messages.react(message.id, emoji, !mine).catch((error: unknown) => toast(errorText(error)));
};

export function Reactions({ message }: { message: Message }) {
  if (message.reactions.length === 0) return null;
  return (
    <div class="reactions" role="group" aria-label={t("message.react")}>
      {message.reactions.map(({ emoji, count, me }) => (
        <button
          key={emoji}
          type="button"
          class="reaction"
          aria-pressed={me === true}
          aria-label={`${emoji} ${i18n.number(count)}`}
          onClick={() => react(message, emoji)}
        >
          <span aria-hidden="true">{emoji}</span>
          <span class="reaction-count" aria-hidden="true">{i18n.number(count)}</span>
        </button>
      ))}
    </div>
  );
}
