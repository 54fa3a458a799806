import { useEffect, useState } from "preact/hooks";
import { t } from "../../app";
import type { Message } from "../../core/api/types";
import { talk } from "../../talk";
import { toneOf } from "../../ui/Avatar";
import { nameOf, previewOf } from "./words";

/** The message that is answered; it may be far away, or gone. */
export function Quote({ id, onOpen }: { id: string; onOpen: (message: Message) => void }) {
  const [found, setFound] = useState<Message | null | undefined>(() => talk().messages.peek(id) ?? undefined);
  useEffect(() => {
    let current = true;
    if (found === undefined) {
      talk().messages.find(id).then((message) => current && setFound(message), () => current && setFound(null));
    }
    return () => {
      current = false;
    };
  }, [id]);
  if (!found) return <p class="quote gone">{found === null ? t("message.gone") : "…"}</p>;
  return (
    <button type="button" class="quote" data-tone={toneOf(found.sender.id)} onClick={() => onOpen(found)}>
      <span class="quote-name"><bdi>{nameOf(found.sender)}</bdi></span>
      <span class="quote-text" dir="auto">{previewOf(found)}</span>
    </button>
  );
}
