import { offline, Problem, readProblem } from "../problem";

export const apiBase = "/api/v1";

/** Longer than the long poll waits (25 s). */
const answerWithinMs = 45_000;

export interface ApiRequest {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  /** Sent as JSON, unless it is a Blob, which goes as it is. */
  body?: unknown;
  token?: string | null;
  /** Lets the request outlive the page (log out while closing). */
  keepalive?: boolean;
  /** Gives the question up; it then looks as if there were no network. */
  signal?: AbortSignal | null;
}

export type Send = <T>(request: ApiRequest) => Promise<T>;

/** One HTTP exchange: JSON in and out, every refusal a Problem. It knows no session. */
export function createSend(fetcher: typeof fetch = (...args) => fetch(...args), heardDate: (date: string | null) => void = () => {}): Send {
  return async <T>(request: ApiRequest): Promise<T> => {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (request.token) headers.Authorization = `Bearer ${request.token}`;
    const init: RequestInit = {
      method: request.method ?? "GET",
      headers,
      credentials: "same-origin",
      keepalive: request.keepalive ?? false,
    };
    if (request.body instanceof Blob) {
      headers["Content-Type"] = request.body.type;
      init.body = request.body;
    } else if (request.body !== undefined) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(request.body);
    }

    // A server that takes the question and never answers is as good as none; a picture on a slow line may take its time.
    const patience = new AbortController();
    const giveUp = (): void => patience.abort();
    const timer = request.body instanceof Blob ? undefined : setTimeout(giveUp, answerWithinMs);
    request.signal?.addEventListener("abort", giveUp);
    try {
      if (request.signal?.aborted) throw offline();
      return await exchange<T>(apiBase + request.path, { ...init, signal: patience.signal });
    } catch (error) {
      if (error instanceof Problem && error.status !== 0) throw error;
      throw patience.signal.aborted && !request.signal?.aborted ? new Problem(0, "unavailable") : offline();
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener("abort", giveUp);
    }
  };

  async function exchange<T>(path: string, init: RequestInit): Promise<T> {
    const response = await fetcher(path, init);
    heardDate(response.headers.get("date"));
    if (!response.ok) throw await readProblem(response);
    if (response.status === 204) return undefined as T;
    const text = await response.text();
    return (text ? JSON.parse(text) : undefined) as T;
  }
}
