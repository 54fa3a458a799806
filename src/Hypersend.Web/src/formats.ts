import { i18n } from "./app";
import { startOfDay, today } from "./time";

/** Numbers, sizes and times in the person's language, by `Intl` alone. Each format is made once a language. */
const made = new Map<string, unknown>();

function format<T>(kind: string, make: (language: string) => T): T {
  const language = i18n.language.value.intl;
  const key = `${language} ${kind}`;
  if (!made.has(key)) made.set(key, make(language));
  return made.get(key) as T;
}

const dayMs = 86_400_000;
const daysAgo = (date: Date): number => Math.round((today.value - startOfDay(date)) / dayMs);

const dated = (kind: string, options: Intl.DateTimeFormatOptions, date: Date): string =>
  format(kind, (language) => new Intl.DateTimeFormat(language, options)).format(date);

export const clock = (iso: string): string => dated("clock", { hour: "numeric", minute: "2-digit" }, new Date(iso));

export const fullDate = (iso: string): string => dated("full", { dateStyle: "full", timeStyle: "medium" }, new Date(iso));

/** For the end of a row: the time today, the weekday this week, else the date. */
export function shortDate(iso: string): string {
  const date = new Date(iso);
  const days = daysAgo(date);
  if (days <= 0) return clock(iso);
  if (days < 7) return dated("weekday", { weekday: "short" }, date);
  return dated("short", { day: "2-digit", month: "2-digit", year: "2-digit" }, date);
}

/** For words that mostly stand in a sentence and here begin a line. */
export const capital = (words: string): string => words.charAt(0).toLocaleUpperCase(i18n.language.value.intl) + words.slice(1);

/** For the line between two days. */
export function dayName(iso: string): string {
  const date = new Date(iso);
  const days = daysAgo(date);
  if (days >= 0 && days < 2) {
    const word = format("relative", (language) => new Intl.RelativeTimeFormat(language, { numeric: "auto" })).format(-days, "day");
    return capital(word);
  }
  if (days > 0 && days < 7) return dated("day of week", { weekday: "long" }, date);
  if (date.getFullYear() === new Date(today.value).getFullYear()) return dated("day", { day: "numeric", month: "long" }, date);
  return dated("day of year", { day: "numeric", month: "long", year: "numeric" }, date);
}

const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

function scaled(bytes: number): [value: number, unit: (typeof units)[number]] {
  let value = bytes;
  let at = 0;
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000;
    at++;
  }
  return [value, units[at]!];
}

function amount(bytes: number, ending: string): string {
  const [value, unit] = scaled(bytes);
  const digits = value >= 100 || unit === "byte" ? 0 : 1;
  return format(`${unit}${ending}${digits}`, (language) => new Intl.NumberFormat(language, {
    style: "unit", unit: unit + ending, unitDisplay: unit === "byte" ? "long" : "short", maximumFractionDigits: digits,
  })).format(value);
}

export const bytes = (count: number): string => amount(count, "");
export const speed = (perSecond: number): string => amount(perSecond, "-per-second");

export const percent = (part: number): string =>
  format("percent", (language) => new Intl.NumberFormat(language, { style: "percent" })).format(part);

/** 3:07, or 1:02:45. */
export function length(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = format("two digits", (language) => new Intl.NumberFormat(language, { minimumIntegerDigits: 2 }));
  const one = format("one digit", (language) => new Intl.NumberFormat(language));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = two.format(whole % 60);
  return hours > 0 ? `${one.format(hours)}:${two.format(minutes)}:${rest}` : `${one.format(minutes)}:${rest}`;
}

/** About how long something still takes, in its largest unit. */
export function remaining(seconds: number): string {
  const [value, unit] = seconds < 60 ? [seconds, "second"] : seconds < 3600 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  return format(`left ${unit}`, (language) => new Intl.NumberFormat(language, {
    style: "unit", unit: unit as string, unitDisplay: "short", maximumFractionDigits: unit === "hour" ? 1 : 0,
  })).format(unit === "hour" ? value as number : Math.ceil(value as number));
}

/** 1,2 T rather than 1.204: for counts where the size is what matters. */
export const compact = (count: number): string =>
  format("compact", (language) => new Intl.NumberFormat(language, { notation: "compact" })).format(count);

export const listed = (items: readonly string[]): string =>
  format("list", (language) => new Intl.ListFormat(language, { type: "conjunction", style: "short" })).format(items);

/** Eight hours, one day: a span in words. */
export const duration = (count: number, unit: "hour" | "day"): string =>
  format(`span ${unit}`, (language) => new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" })).format(count);

/** Facts in a row. From right to left each stands for itself: the marks that `Intl` puts beside a percent sign would turn its neighbours round. */
export const joined = (parts: readonly (string | undefined)[]): string => {
  const facts = parts.filter(Boolean);
  return (i18n.language.value.dir === "rtl" ? facts.map((fact) => `\u2068${fact}\u2069`) : facts).join(" · ");
};
