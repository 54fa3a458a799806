/** A person's words for a user agent: enough to recognise one's own devices, nothing more. */
export interface Device {
  readonly browser: string;
  readonly system: string;
  readonly handheld: boolean;
}

const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(e|A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(HeadlessChrome|Chrome|CriOS|Chromium)\//, "Chrome"],
  [/\bVersion\/.*Safari\//, "Safari"],
  [/^hypersend/i, "Hypersend CLI"],
  [/^curl\//, "curl"],
];

const systems: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, "Android"],
  [/\b(iPhone|iPad|iPod)\b/, "iOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X|Macintosh\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux|X11\b/, "Linux"],
];

export function deviceOf(userAgent: string | null): Device | null {
  if (!userAgent) return null;
  const find = (table: readonly (readonly [RegExp, string])[]): string =>
    table.find(([pattern]) => pattern.test(userAgent))?.[1] ?? "";
  const browser = find(browsers);
  const system = find(systems);
  if (!browser && !system) return null;
  return { browser, system, handheld: system === "Android" || system === "iOS" };
}
