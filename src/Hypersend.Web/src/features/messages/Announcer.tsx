import { useEffect, useState } from "preact/hooks";
import { t } from "../../app";
import type { Message } from "../../core/api/types";
import { talk } from "../../talk";
import { nameOf, previewOf } from "./words";

const kept = 20;

/** Says "who: what" once to those who listen, of what arrives now and never of what was there. */
export function Announcer({ chatId }: { chatId: string }) {
  const [said, setSaid] = useState<readonly Message[]>([]);
  useEffect(() => {
    setSaid([]);
    return talk().onArrival(({ chat, message }) => {
      if (chat.id === chatId) setSaid((before) => [...before.slice(1 - kept), message]);
    });
  }, [chatId]);
  return (
    <div role="log" aria-live="polite" aria-relevant="additions" aria-label={t("list.title")} class="unseen">
      {said.map((message) => <p key={message.id}>{nameOf(message.sender)}: {previewOf(message)}</p>)}
    </div>
  );
}
