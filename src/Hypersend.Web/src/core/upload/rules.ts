import type { Problem } from "../problem";

/**
 * What a failure asks for. `again`: the line or the server was away, for as long as it takes. `few`: the bytes came to harm or
 * there is no room, a few times. `token`: a new one. `ask`: the server may have it already.
 */
export type NextStep = "give-up" | "again" | "few" | "token" | "ask";

export function nextStep({ status, code }: Problem): NextStep {
  if (status === 401) return "token";
  if (status === 507) return code === "quota_exceeded" ? "give-up" : "few";
  if (status === 0 || status >= 500 || status === 408 || status === 429) return "again";
  if (code === "chunk_superseded" || code === "upload_closed") return "ask";
  if (code === "checksum_mismatch" || code === "wrong_length") return "few";
  return "give-up";
}
