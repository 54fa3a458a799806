import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../app";
import { length } from "../../formats";
import { talk } from "../../talk";
import { IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { record, type Recording } from "../files/recording";

/** In the composer's place while a voice message is being spoken. */
export function VoiceRecorder({ chatId, thread, replyTo, onDone }: {
  chatId: string;
  thread: string | null;
  replyTo: string | null;
  onDone: () => void;
}) {
  const recording = useRef<Recording | null>(null);
  const [levels, setLevels] = useState<readonly number[]>([]);
  const [seconds, setSeconds] = useState(0);
  const [refused, setRefused] = useState<"denied" | "missing" | null>(null);
  useEffect(() => {
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
      recording.current?.cancel();
    };
  }, []);

  async function send(): Promise<void> {
    const made = recording.current;
    recording.current = null;
    const spoken = await made?.finish();
    if (spoken) {
      talk().outbox.send({
        chatId, thread, replyTo,
        files: [{ file: spoken.sound, name: spoken.name, duration: spoken.seconds, voice: true }],
      });
    }
    onDone();
  }

  return (
    <div class="composer-frame">
      <div class="composer recorder">
        <IconButton icon="trash" danger label={t("action.cancel")} onClick={onDone} />
        {refused ? (
          <p class="grow" role="alert">{t(`voice.${refused}`)}</p>
        ) : (
          <>
            <span class="recording-dot" aria-hidden="true" />
            <span class="recorder-time" role="timer">{length(seconds)}</span>
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
