import { signal } from "@preact/signals";

const current = signal<{ text: string } | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says in passing that something worked. What must be read or decided is a notice or a dialog instead. */
export function toast(text: string): void {
  current.value = { text };
  clearTimeout(timer);
  timer = setTimeout(() => {
    current.value = null;
  }, 5000);
}

export function Toasts() {
  return <div role="status">{current.value && <div class="toast">{current.value.text}</div>}</div>;
}
