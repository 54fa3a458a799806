import type { AppearanceSettings } from "./api/types";

export type Theme = NonNullable<AppearanceSettings["theme"]>;

/** What a palette is made of: the style sheet derives every colour from these two by `oklch()`. */
export interface Tint {
  readonly hue: number;
  readonly chroma: number;
}

export const defaultSeed = "#3559d6";

/** Hue and chroma (OKLCh) of a seed colour `#rrggbb`; null when it is not one. */
export function tintOf(seed: string | null | undefined): Tint | null {
  const match = /^#?([0-9a-f]{6})$/i.exec(seed ?? "");
  if (!match) return null;
  const [r, g, b] = [0, 2, 4].map((at) => linear(parseInt(match[1]!.slice(at, at + 2), 16) / 255)) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const bb = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  const hue = ((Math.atan2(bb, a) * 180) / Math.PI + 360) % 360;
  // Beyond this the lighter tones leave the screen's gamut and every seed looks the same neon.
  const chroma = Math.min(Math.hypot(a, bb), 0.17);
  return { hue: Math.round(hue * 10) / 10, chroma: Math.round(chroma * 1000) / 1000 };
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

export interface Look {
  readonly theme: Theme;
  readonly seed: string | null;
}

export function isTheme(value: unknown): value is Theme {
  return value === "system" || value === "light" || value === "dark";
}
