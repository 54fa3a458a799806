/** Up and Down go from message to message, Enter opens what can be done with one. One stop for Tab, however long the list. */
export function walkMessages(event: KeyboardEvent, onEnter: (key: string) => void): void {
  const list = event.currentTarget as HTMLElement;
  const rows = [...list.querySelectorAll<HTMLElement>("li[data-key][tabindex]")];
  const here = (event.target as Element).closest<HTMLElement>("li[data-key]");
  const inside = event.target !== list && event.target !== here;
  if (rows.length === 0 || inside || event.altKey || event.ctrlKey || event.metaKey) return;
  const at = here ? rows.indexOf(here) : rows.length;
  let next: HTMLElement | undefined;
  if (event.key === "ArrowUp") next = rows[at - 1];
  else if (event.key === "ArrowDown") next = rows[at + 1];
  else if (event.key === "Enter" && here) {
    event.preventDefault();
    onEnter(here.dataset.key!);
    return;
  } else return;
  event.preventDefault();
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}
