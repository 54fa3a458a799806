/** What another app on this device handed over: kept by the service worker until the person says to whom it goes. */
export interface Shared {
  readonly words: string;
  readonly files: readonly File[];
}

type Caches = Pick<CacheStorage, "open" | "delete">;

export const sharePath = "/share";
const cacheName = "hypersend-shared";
const wordsKey = `${sharePath}/words`;
const fileKey = (n: number): string => `${sharePath}/${n}`;
const nameHeader = "x-file-name";

export async function keepShared(caches: Caches, form: FormData): Promise<void> {
  await caches.delete(cacheName);
  const cache = await caches.open(cacheName);
  const said = ["title", "text", "url"].map((field) => form.get(field)).filter((value) => typeof value === "string").map((value) => value.trim());
  // Many apps say the address a second time inside the text.
  const words = said.filter((one, at) => one !== "" && !said.some((other, i) => i !== at && (other.includes(one) && (other !== one || i < at)))).join("\n");
  const files = form.getAll("files").filter((value) => value instanceof File);
  await cache.put(wordsKey, new Response(words, { headers: { "x-files": String(files.length) } }));
  for (const [n, file] of files.entries()) {
    await cache.put(fileKey(n), new Response(file, { headers: { "content-type": file.type || "application/octet-stream", [nameHeader]: encodeURIComponent(file.name) } }));
  }
}

/** Null when nothing waits. */
export async function readShared(caches: Caches): Promise<Shared | null> {
  const cache = await caches.open(cacheName);
  const words = await cache.match(wordsKey);
  if (!words) return null;
  const files: File[] = [];
  for (let n = 0; n < Number(words.headers.get("x-files")); n++) {
    const kept = await cache.match(fileKey(n));
    if (!kept) continue;
    const content = await kept.blob();
    files.push(new File([content], decodeURIComponent(kept.headers.get(nameHeader) ?? ""), { type: content.type }));
  }
  return { words: await words.text(), files };
}

export const dropShared = async (caches: Caches): Promise<void> => void (await caches.delete(cacheName));
