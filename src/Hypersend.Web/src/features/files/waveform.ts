import type { SharedFile } from "../../core/api/types";
import { inlineUrl } from "../../core/files";
import { onLeaving } from "../../personal";

export const bars = 40;
export const silence: readonly number[] = Array.from({ length: bars }, () => 0.08);

const known = new Map<string, Promise<readonly number[]>>();
onLeaving(() => known.clear());
const most = 8_000_000;

/** How loud each part of a recording is, the loudest being 1. */
export function peaksOf(file: SharedFile): Promise<readonly number[]> {
  if ((file.size ?? 0) > most) return Promise.resolve(silence);
  let peaks = known.get(file.id);
  if (!peaks) {
    peaks = fetch(inlineUrl(file.id), { credentials: "same-origin" })
      .then((response) => response.arrayBuffer())
      .then((sound) => new OfflineAudioContext(1, 1, 8000).decodeAudioData(sound))
      .then((decoded) => loudness(decoded.getChannelData(0), bars));
    known.set(file.id, peaks);
    peaks.catch(() => known.delete(file.id));
  }
  return peaks;
}

export function loudness(samples: Float32Array, count: number): number[] {
  const size = Math.max(1, Math.floor(samples.length / count));
  const parts = Array.from({ length: count }, (_, part) => {
    let most = 0;
    for (let at = part * size; at < Math.min(samples.length, (part + 1) * size); at += 4) most = Math.max(most, Math.abs(samples[at]!));
    return most;
  });
  const top = Math.max(...parts, 0.01);
  return parts.map((part) => part / top);
}
