import type { I18n } from "./i18n";
import { Problem } from "./problem";

/** Codes that mean the same to a person. */
const sameAs: Readonly<Record<string, string>> = {
  wrong_code: "invalid_code",
  invalid_totp: "invalid_code",
  too_many_failures: "rate_limited",
  not_authenticated: "session_ended",
  invalid_token: "session_ended",
  invalid_refresh_token: "session_ended",
  refresh_reused: "session_ended",
  signed_out: "session_ended",
  account_changed: "session_ended",
  invalid_confirm_token: "invalid_reset_token",
  invite_required: "invalid_invite",
  unsupported_image: "unsupported_media_type",
  totp_not_set_up: "conflict",
  totp_already_enabled: "conflict",
  internal_error: "unknown",
  request_timeout: "unavailable",
  outcome_unknown: "unavailable",
  not_yet_here: "unavailable",
  chunks_missing: "unavailable",
  insufficient_storage: "storage_full",
  chunk_conflict: "file_changed",
  checksum_mismatch: "file_changed",
  wrong_length: "file_changed",
  upload_closed: "upload_expired",
  link_gone: "file_gone",
  file_damaged: "file_gone",
  unknown_reference: "message_deleted",
  no_such_person: "not_found",
  too_many_downloads: "rate_limited",
  not_sent: "conflict",
  file_not_ready: "unavailable",
  email_fixed: "forbidden",
  cannot_target_self: "forbidden",
  fixed_members: "forbidden",
  empty_message: "validation_failed",
  invalid_filename: "validation_failed",
  too_many_reactions: "too_many",
  too_many_scheduled: "too_many",
  too_many_links: "too_many",
  too_many_files: "too_many",
};

/** One sentence for a person: the catalogue's words for the code, else what the server said. */
export function errorText(i18n: I18n, error: unknown): string {
  if (!(error instanceof Problem)) return i18n.t("error.unknown");
  const known = `error.${sameAs[error.code] ?? error.code}`;
  let text: string;
  if (i18n.has(known)) text = i18n.t(known);
  else if (error.detail) text = [error.detail, error.hint].filter(Boolean).join(" ");
  else text = i18n.t(error.status >= 500 ? "error.unavailable" : "error.unknown");
  return error.retryAfter > 0 ? `${text} ${i18n.t("error.wait", { count: error.retryAfter })}` : text;
}
