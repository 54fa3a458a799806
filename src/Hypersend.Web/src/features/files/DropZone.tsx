import type { ComponentChildren } from "preact";
import { t } from "../../app";
import type { FileToSend } from "../../core/model";
import { Icon } from "../../ui/Icon";
import { useDrop } from "./useDrop";

/** Files and folders may be dropped anywhere on what is inside. */
export function DropZone({ to, enabled, onFiles, children }: {
  to: string;
  enabled: boolean;
  onFiles: (files: FileToSend[]) => void;
  children: ComponentChildren;
}) {
  const { over, target } = useDrop(enabled, onFiles);
  return (
    <div class="drop-zone" {...target}>
      {children}
      {over && <div class="drop-hint" aria-hidden="true"><Icon name="attach" /><p>{t("files.drop", { name: to })}</p></div>}
    </div>
  );
}
