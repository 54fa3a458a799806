import type { I18n } from "./i18n";
import { Problem } from "./problem";

/** One sentence for a person: the catalogue's words for the code, else what the server said. */
export function errorText(i18n: I18n, error: unknown): string {
  if (!(error instanceof Problem)) return i18n.t("error.unknown");
  const known = `error.${error.code}`;
  let text: string;
  if (i18n.has(known)) text = i18n.t(known);
  else if (error.detail) text = [error.detail, error.hint].filter(Boolean).join(" ");
  else text = i18n.t(error.status >= 500 ? "error.unavailable" : "error.unknown");
  return error.retryAfter > 0 ? `${text} ${i18n.t("error.wait", { count: error.retryAfter })}` : text;
}
