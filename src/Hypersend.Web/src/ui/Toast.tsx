import { signal } from "@preact/signals";
import { t } from "../app";
import { personal } from "../personal";
import { IconButton } from "./Button";

interface ToastAction {
  text: string;
  run: () => void;
}

interface Said {
  text: string;
  action: ToastAction | undefined;
}

const passing = personal<Said | null>(null);
const standing = signal<Said | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says in passing that something worked, and may offer to take it back. What must be read is a notice or a dialog. */
export function toast(text: string, action?: ToastAction): void {
  passing.value = { text, action };
  clearTimeout(timer);
  timer = setTimeout(() => (passing.value = null), 5000);
}

/** Something that can wait until there is time for it; what is said in passing only covers it for a moment. */
export function offer(text: string, action: ToastAction): void {
  standing.value = { text, action };
}

export function Toasts() {
  const shown = passing.value ?? standing.value;
  const hide = (): void => {
    (passing.value ? passing : standing).value = null;
  };
  return (
    <div role="status">
      {shown && (
        <div class="toast">
          <span>{shown.text}</span>
          {shown.action && (
            <button
              type="button"
              class="toast-action"
              onClick={() => {
                hide();
                shown.action?.run();
              }}
            >
              {shown.action.text}
            </button>
          )}
          {shown === standing.value && <IconButton icon="close" label={t("action.close")} onClick={hide} />}
        </div>
      )}
    </div>
  );
}
