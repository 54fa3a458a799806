import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../app";
import type { SharedFile } from "../../core/api/types";
import { inlineUrl } from "../../core/files";
import { bytes, length } from "../../formats";
import { onLeaving } from "../../personal";
import { Icon } from "../../ui/Icon";
import { peaksOf, silence } from "./waveform";

const rates = [1, 1.5, 2] as const;

/** One at a time: who starts stops the other. */
let playing: HTMLAudioElement | null = null;
onLeaving(() => (playing = null));

export function SoundPlayer({ file, voice }: { file: SharedFile; voice: boolean }) {
  const audio = useRef<HTMLAudioElement>(null);
  const [on, setOn] = useState(false);
  const [at, setAt] = useState(0);
  const [whole, setWhole] = useState(file.duration ?? 0);
  const [rate, setRate] = useState<number>(1);
  const [peaks, setPeaks] = useState<readonly number[]>(silence);
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!voice || !box.current) return;
    // The wave is computed from the sound itself, once it is looked at.
    const watch = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return;
      watch.disconnect();
      void peaksOf(file).then(setPeaks, () => undefined);
    });
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [file.id]);
  useEffect(() => () => audio.current?.pause(), []);

  function toggle(): void {
    const element = audio.current!;
    if (on) {
      element.pause();
      return;
    }
    if (playing && playing !== element) playing.pause();
    playing = element;
    element.playbackRate = rate;
    void element.play().catch(() => setOn(false));
  }
  const part = whole > 0 ? Math.min(1, at / whole) : 0;
  const seek = (next: number): void => {
    setAt(next);
    if (audio.current) audio.current.currentTime = next;
  };
  return (
    <div class="sound" ref={box}>
      <button type="button" class="ring-button filled" aria-label={t(on ? "transfer.pause" : "sound.play")} onClick={toggle}>
        <Icon name={on ? "pause" : "play"} />
      </button>
      <div class="sound-body">
        {!voice && <span class="file-name" dir="auto">{file.filename}</span>}
        <div class="wave">
          {voice && (
            <span class="bars" aria-hidden="true">
              {peaks.map((peak, index) => (
                <i key={index} data-done={index / peaks.length < part} style={{ blockSize: `${Math.round(12 + peak * 88)}%` }} />
              ))}
            </span>
          )}
          <input
            type="range"
            class={voice ? "over-bars" : undefined}
            min={0}
            max={whole || 1}
            step={0.1}
            value={at}
            aria-label={t("sound.position")}
            aria-valuetext={length(at)}
            onInput={(event) => seek(Number(event.currentTarget.value))}
          />
        </div>
        <span class="small soft-own numbers">
          {on || at > 0 ? `${length(at)} / ${length(whole)}` : whole > 0 ? length(whole) : bytes(file.size ?? 0)}
        </span>
      </div>
      {(on || rate !== 1) && (
        <button
          type="button"
          class="rate"
          aria-label={t("sound.rate")}
          onClick={() => {
            const next = rates[(rates.indexOf(rate as (typeof rates)[number]) + 1) % rates.length]!;
            setRate(next);
            if (audio.current) audio.current.playbackRate = next;
          }}
        >
          {rate}×
        </button>
      )}
      <audio
        ref={audio}
        src={inlineUrl(file.id)}
        preload="none"
        onPlay={() => setOn(true)}
        onPause={() => setOn(false)}
        onEnded={() => {
          setOn(false);
          setAt(0);
        }}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onLoadedMetadata={(event) => Number.isFinite(event.currentTarget.duration) && setWhole(event.currentTarget.duration)}
      />
    </div>
  );
}
