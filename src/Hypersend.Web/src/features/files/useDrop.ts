import { useRef, useState } from "preact/hooks";
import { t } from "../../app";
import type { FileToSend } from "../../core/model";
import { toast } from "../../ui/Toast";
import { droppedFiles } from "./pickFiles";

/** Makes a target of files and folders of whatever it is spread on; `over` while something is held above it. */
export function useDrop(enabled: boolean, take: (files: FileToSend[]) => void) {
  const [over, setOver] = useState(false);
  // Enter and leave come for every element inside; what counts is how many are open.
  const depth = useRef(0);
  const end = (): void => {
    depth.current = 0;
    setOver(false);
  };
  const accepts = (event: DragEvent): boolean => enabled && carriesFiles(event);
  return {
    over,
    target: {
      onDragEnter(event: DragEvent) {
        if (!accepts(event)) return;
        event.preventDefault();
        depth.current++;
        setOver(true);
      },
      onDragOver(event: DragEvent) {
        if (accepts(event)) event.preventDefault();
      },
      onDragLeave(event: DragEvent) {
        if (accepts(event) && --depth.current <= 0) end();
      },
      onDrop(event: DragEvent) {
        if (!accepts(event)) return;
        event.preventDefault();
        end();
        const none = (): void => toast(t("files.dropped.none"));
        void droppedFiles(event.dataTransfer!).then((files) => (files.length > 0 ? take(files) : none()), none);
      },
    },
  };
}

/** A file let go beside every target would be opened in the app's place, and whatever is being sent would stop. */
export function refuseStrayDrops(): () => void {
  const refuse = (event: DragEvent): void => {
    if (event.defaultPrevented || !carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer!.dropEffect = "none";
  };
  addEventListener("dragover", refuse);
  addEventListener("drop", refuse);
  return () => {
    removeEventListener("dragover", refuse);
    removeEventListener("drop", refuse);
  };
}

const carriesFiles = (event: DragEvent): boolean => Boolean(event.dataTransfer?.types.includes("Files"));
