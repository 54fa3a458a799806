/** An expected failure: what the server answered, or `offline` when there was no answer. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly hint: string;
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Seconds of the Retry-After header, 0 without one. */
  readonly retryAfter: number;

  constructor(status: number, code: string, rest: Partial<Pick<Problem, "detail" | "hint" | "fields" | "retryAfter">> = {}) {
    super(`${status} ${code}`);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.detail = rest.detail ?? "";
    this.hint = rest.hint ?? "";
    this.fields = rest.fields ?? {};
    this.retryAfter = rest.retryAfter ?? 0;
  }

  /** Nothing was decided by the server: asking again may help. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export const offline = (): Problem => new Problem(0, "offline");

export const isOffline = (error: unknown): boolean => error instanceof Problem && error.status === 0;

/** Whatever was thrown, as something that can be shown. */
export const asProblem = (error: unknown): Problem => (error instanceof Problem ? error : new Problem(0, "unknown", { detail: String(error) }));

/** Reads a refusal; a proxy's HTML page or an empty body still becomes a Problem with a usable code. */
export async function readProblem(response: Response): Promise<Problem> {
  const retryAfter = Number(response.headers.get("retry-after") ?? 0) || 0;
  let body: Record<string, unknown> = {};
  if ((response.headers.get("content-type") ?? "").includes("json")) {
    // A body cut short is no reason to hide the status that came with it.
    body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  }
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return new Problem(response.status, text(body.code) || `http_${response.status}`, {
    detail: text(body.detail) || text(body.title),
    hint: text(body.hint),
    fields: readFields(body.errors),
    retryAfter,
  });
}

function readFields(errors: unknown): Record<string, string[]> {
  if (typeof errors !== "object" || errors === null) return {};
  return Object.fromEntries(
    Object.entries(errors).map(([field, lines]) => [field, (Array.isArray(lines) ? lines : [lines]).map(String)]),
  );
}
