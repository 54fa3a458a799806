import type { FileToSend } from "../../core/model";

type Handle = { getFile(): Promise<File> };
type Picker = (options: { multiple: boolean }) => Promise<Handle[]>;

/** The browser's dialog; with handles where it gives them, so that an upload goes on after a reload without asking again. */
export async function pickFiles(): Promise<FileToSend[]> {
  const picker = (globalThis as { showOpenFilePicker?: Picker }).showOpenFilePicker;
  if (picker) {
    try {
      const handles = await picker({ multiple: true });
      return await Promise.all(handles.map(async (handle) => ({ file: await handle.getFile(), handle })));
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return [];
      // A frame or a policy may forbid it; the plain field is always there.
    }
  }
  return new Promise((resolve) => {
    const field = document.createElement("input");
    field.type = "file";
    field.multiple = true;
    field.onchange = () => resolve(filesOf(field.files));
    field.oncancel = () => resolve([]);
    field.click();
  });
}

export const filesOf = (list: FileList | null | undefined): FileToSend[] => [...(list ?? [])].map((file) => ({ file }));

/** What was dropped, folders opened, each file with the way to it; in the order of the folder. */
export async function droppedFiles(transfer: DataTransfer): Promise<FileToSend[]> {
  // Everything must be taken hold of before the first await: the transfer is emptied after the event.
  const items = [...transfer.items].filter((item) => item.kind === "file").map((item) => ({
    entry: item.webkitGetAsEntry(),
    file: item.getAsFile(),
    handle: (item as unknown as { getAsFileSystemHandle?: () => Promise<unknown> }).getAsFileSystemHandle?.(),
  }));
  const found: FileToSend[] = [];
  for (const { entry, file, handle } of items) {
    if (entry?.isDirectory) await walk(entry as FileSystemDirectoryEntry, found);
    else if (file) found.push({ file, ...(handle ? { handle: await handle.catch(() => undefined) } : {}) });
  }
  return found;
}

async function walk(folder: FileSystemDirectoryEntry, found: FileToSend[]): Promise<void> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  // It answers in pieces of a hundred until nothing is left.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) break;
    entries.push(...some);
  }
  for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))) {
    if (entry.isDirectory) {
      await walk(entry as FileSystemDirectoryEntry, found);
    } else {
      const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
      found.push({ file, path: entry.fullPath.replace(/^\//, "") });
    }
  }
}
