import type { StreamPort } from "../direct/sinks";

export interface Expected {
  readonly path: string;
  readonly name: string;
  readonly size: number;
  readonly mime: string;
  readonly port: StreamPort;
  /** Where is said that the address is good from now on. The bytes' own port may be on its way to a worker already. */
  readonly told: Pick<StreamPort, "postMessage">;
}

/** Where files of direct transfers are saved as ordinary downloads; every other address stays the network's. */
export const savePath = "/direct-save/";

/** Downloads whose bytes a page has. Each address is good once. */
export function savedFiles() {
  const expected = new Map<string, Expected>();
  return {
    expect(file: Expected): void {
      expected.set(file.path, file);
      file.told.postMessage({ is: "ready" }, []);
    },
    take(url: URL): Response | null {
      const file = expected.get(url.pathname);
      if (!file) return null;
      expected.delete(url.pathname);
      return new Response(streamOf(file.port), { headers: headersOf(file) });
    },
  };
}

function streamOf(port: StreamPort): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      port.onmessage = ({ data }) => {
        if (data.is === "bytes") controller.enqueue(new Uint8Array(data.bytes));
        else if (data.is === "end") controller.close();
        else if (data.is === "abort") controller.error(new Error("The transfer was ended."));
      };
    },
    pull: () => port.postMessage({ is: "pull" }, []),
    cancel: () => port.postMessage({ is: "gone" }, []),
  }, { highWaterMark: 2 });
}

function headersOf({ name, size, mime }: Expected): Headers {
  // Letters outside of ASCII only in the form that was made for them.
  const plain = name.replace(/[^\x20-\x7e]|["\\]/g, "_");
  return new Headers({
    "Content-Type": /^[\w.+-]+\/[\w.+-]+$/.test(mime) ? mime : "application/octet-stream",
    "Content-Length": String(size),
    "Content-Disposition": `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)}`,
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
  });
}
