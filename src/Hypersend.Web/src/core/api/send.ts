import { offline, readProblem } from "../problem";

export const apiBase = "/api/v1";

export interface ApiRequest {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  /** Sent as JSON, unless it is a Blob, which goes as it is. */
  body?: unknown;
  token?: string | null;
  /** Lets the request outlive the page (log out while closing). */
  keepalive?: boolean;
}

export type Send = <T>(request: ApiRequest) => Promise<T>;

/** One HTTP exchange: JSON in and out, every refusal a Problem. It knows no session. */
export function createSend(fetcher: typeof fetch = (...args) => fetch(...args)): Send {
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

    let response: Response;
    try {
      response = await fetcher(apiBase + request.path, init);
    } catch {
      throw offline();
    }
    if (!response.ok) throw await readProblem(response);
    if (response.status === 204) return undefined as T;
    const text = await response.text().catch(() => {
      throw offline();
    });
    return (text ? JSON.parse(text) : undefined) as T;
  };
}
