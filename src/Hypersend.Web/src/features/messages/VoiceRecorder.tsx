import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../app";
import { length } from "../../formats";
import { messenger, talk } from "../../talk";
import { IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toast";
import { record, type Recording } from "../files/recording";
import type { Desk } from "./desk";

/** In the composer's place while a voice message is being spoken, and again where one was left in the middle. */
export function VoiceRecorder({ desk, onDone }: { desk: Desk; onDone: () => void }) {
  const recording = useRef<Recording | null>(null);
  const [levels, setLevels] = useState<readonly number[]>([]);
  const [seconds, setSeconds] = useState(0);
  const [refused, setRefused] = useState<"denied" | "missing" | null>(null);
  const kept = desk.spoken.value;
  useEffect(() => {
    if (desk.spoken.peek()) return;
    let gone = false;
    record((level, at) => {
      setLevels((before) => [...before.slice(-63), level]);
      setSeconds(at);
    }).then(
      (made) => {
        if (gone) made.cancel();
        else recording.current = made;
      },
      (error: unknown) => setRefused(error instanceof DOMException && error.name === "NotAllowedError" ? "denied" : "missing"),
    );
    return () => {
      gone = true;
      void keep();
    };
  }, []);

  /** Taken in hand once: whoever comes next finds none. */
  function taken(): Recording | null {
    const made = recording.current;
    recording.current = null;
    return made;
  }

  /** Left without a word: it waits here for the way back. */
  async function keep(): Promise<void> {
    const spoken = await taken()?.finish();
    if (!spoken) return;
    desk.spoken.value = spoken;
    if (messenger.peek()) toast(`${t("chat.draft")} ${t("kind.voice")}`);
  }

  function discard(): void {
    taken()?.cancel();
    desk.spoken.value = null;
    onDone();
  }

  async function send(): Promise<void> {
    const spoken = kept ?? (await taken()?.finish());
    desk.spoken.value = null;
    if (spoken) {
      talk().outbox.send({
        chatId: desk.chatId, thread: desk.thread, replyTo: desk.replyTo.peek()?.id ?? null,
        files: [{ file: spoken.sound, name: spoken.name, duration: spoken.seconds, voice: true }],
      });
    }
    onDone();
  }

  return (
    <div class="composer-frame">
      <div class="composer recorder">
        <IconButton icon="trash" danger label={t("action.cancel")} onClick={discard} />
        {refused ? (
          <p class="grow" role="alert">{t(`voice.${refused}`)}</p>
        ) : (
          <>
            {kept ? <Icon name="mic" /> : <span class="recording-dot" aria-hidden="true" />}
            <span class="recorder-time" role="timer">{length(kept?.seconds ?? seconds)}</span>
            <span class="levels grow" aria-hidden="true">
              {levels.map((level, index) => <i key={index} style={{ blockSize: `${Math.round(10 + level * 90)}%` }} />)}
            </span>
          </>
        )}
      </div>
      {!refused && (
        <button type="button" class="send" aria-label={t("composer.send")} onClick={() => void send()}><Icon name="send" /></button>
      )}
    </div>
  );
}
