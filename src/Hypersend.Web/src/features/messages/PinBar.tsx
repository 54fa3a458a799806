import { useEffect, useState } from "preact/hooks";
import { errorText, i18n, t } from "../../app";
import type { Message } from "../../core/api/types";
import type { ChatEntry } from "../../core/model";
import { talk } from "../../talk";
import { IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toast";
import { may } from "../chats/chatName";
import type { Desk } from "./desk";
import { previewOf } from "./words";

/** What is pinned, one at a time: a click shows it and turns to the one before. */
export function PinBar({ chat, desk }: { chat: ChatEntry; desk: Desk }) {
  const [pins, setPins] = useState<readonly Message[]>([]);
  const [at, setAt] = useState(0);
  useEffect(() => {
    let current = true;
    setAt(0);
    // A bar that cannot be had is no reason to disturb.
    talk().messages.pins(chat.id).then((found) => current && setPins(found), () => current && setPins([]));
    return () => {
      current = false;
    };
  }, [chat.id, chat.rev]);
  const pin = pins[at % Math.max(1, pins.length)];
  if (!pin) return null;
  return (
    <div class="pin-bar">
      <button
        type="button"
        class="pin-open"
        onClick={() => {
          desk.goal.value = pin.seq;
          setAt((at + 1) % pins.length);
        }}
      >
        <Icon name="pin" />
        <span class="grow stack">
          <span class="pin-title">{t("pins.title")}{pins.length > 1 && ` · ${t("transfer.of", { done: i18n.number((at % pins.length) + 1), size: i18n.number(pins.length) })}`}</span>
          <span class="one-line" dir="auto">{previewOf(pin)}</span>
        </span>
      </button>
      {may(chat, "pin") && (
        <IconButton
          icon="close"
          label={t("chat.unpin")}
          onClick={() => {
            setPins(pins.filter((other) => other.id !== pin.id));
            talk().messages.pin(pin.id, false).catch((error: unknown) => toast(errorText(error)));
          }}
        />
      )}
    </div>
  );
}
