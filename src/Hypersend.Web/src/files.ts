import { session } from "./app";
import { downloadUrl, fileCalls } from "./core/files";

export const files = fileCalls(session.call);

/** Hands a file to the browser's download manager by a signed address, or by the cookie where there is none to be had. */
export async function download(id: string, name: string): Promise<void> {
  const url = await files.signedUrl(id).then((signed) => signed.url, () => downloadUrl(id));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.rel = "noopener";
  link.click();
}
