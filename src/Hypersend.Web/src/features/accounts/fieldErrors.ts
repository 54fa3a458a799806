import { errorText, i18n, t } from "../../app";
import type { Key } from "../../core/i18n";
import { Problem } from "../../core/problem";

export type Faults<F extends string> = Partial<Record<F, string>>;

export const keepFaults = <F extends string>(faults: { [K in F]?: string | undefined }): Faults<F> =>
  Object.fromEntries(Object.entries(faults).filter(([, text]) => text !== undefined)) as Faults<F>;

export const required = (value: string): string | undefined => (value.trim() ? undefined : t("field.required"));

export const emailFault = (value: string): string | undefined =>
  required(value) ?? (/^[^\s@]+@[^\s@]+$/.test(value.trim()) ? undefined : t("field.email.bad"));

export const usernameFault = (value: string): string | undefined =>
  required(value) ?? (/^[A-Za-z0-9_.-]{3,32}$/.test(value.trim()) ? undefined : t("error.invalid_username"));

/** Which field a refusal is about, by its code, where the server names no field itself. */
const fieldOfCode: Readonly<Record<string, string>> = {
  username_taken: "username",
  email_taken: "email",
  weak_password: "password",
  invalid_invite: "invite",
  invite_required: "invite",
  invalid_setup_code: "setup_code",
  wrong_password: "current_password",
};

/** Our words for what the server's rules of a field say in English. */
const rules: Readonly<Record<string, Key>> = { username: "error.invalid_username", email: "error.invalid_email" };

/** What the server says of a field, to whom can read it: it says more than ours do. */
const wordsFor = (field: string, said: readonly string[]): string => {
  const rule = rules[field];
  if (rule) return t(rule);
  return i18n.language.value.code === "en" ? said.join(" ") : t("error.validation_failed");
};

/** Splits a refusal into words beside fields and words for the whole form. */
export function splitError<F extends string>(error: unknown, fields: readonly F[]): { faults: Faults<F>; rest: string | null } {
  if (error === null || error === undefined) return { faults: {}, rest: null };
  if (!(error instanceof Problem)) return { faults: {}, rest: errorText(error) };
  const faults: Faults<F> = {};
  for (const field of fields) {
    const said = error.fields[field] ?? (field === "password" ? error.fields.new_password : undefined);
    if (!said?.length) continue;
    if (error.code !== "validation_failed") faults[field] = errorText(error);
    else faults[field] = wordsFor(field, said);
  }
  const named = fieldOfCode[error.code] as F | undefined;
  if (named && fields.includes(named)) faults[named] ??= errorText(error);
  return { faults, rest: Object.keys(faults).length > 0 ? null : errorText(error) };
}
