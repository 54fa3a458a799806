import { apiBase } from "../api/send";
import { Problem, offline, readProblem } from "../problem";
import type { SendChunk } from "./run";

/** XMLHttpRequest, for it alone tells how much of a body has left. */
export const sendByXhr: SendChunk = ({ uploadId, token, index, body, sha256, signal, progress }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    signal.addEventListener("abort", abort);
    request.upload.onprogress = (event) => progress(event.loaded);
    request.onloadend = () => {
      signal.removeEventListener("abort", abort);
      if (request.status === 0) return reject(offline());
      if (request.status >= 200 && request.status < 300) return resolve();
      const headers = new Headers({ "content-type": request.getResponseHeader("content-type") ?? "" });
      const wait = request.getResponseHeader("retry-after");
      if (wait) headers.set("retry-after", wait);
      readProblem(new Response(request.responseText || null, { status: request.status, headers })).then(reject, () => reject(new Problem(request.status, `http_${request.status}`)));
    };
    request.open("PUT", `${apiBase}/files/${encodeURIComponent(uploadId)}/chunk?chunk_index=${index}`);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    if (sha256) request.setRequestHeader("X-Chunk-SHA256", sha256);
    request.send(body);
  });
