import { useEffect, useRef, useState } from "preact/hooks";

/** One of a few: tabs without a frame. Where they do not all fit, the edge fades as long as there is more behind it. */
export function Segments<T extends string>({ label, value, choices, onChange }: {
  label: string;
  value: T;
  choices: readonly { value: T; text: string; count?: string | undefined }[];
  onChange: (value: T) => void;
}) {
  const bar = useRef<HTMLDivElement>(null);
  const [more, setMore] = useState(false);
  useEffect(() => {
    const { current } = bar;
    if (!current) return;
    const look = (): void => setMore(Math.abs(current.scrollLeft) + current.clientWidth < current.scrollWidth - 4);
    const watch = new ResizeObserver(look);
    watch.observe(current);
    current.addEventListener("scroll", look, { passive: true });
    look();
    return () => {
      watch.disconnect();
      current.removeEventListener("scroll", look);
    };
  }, [choices.map((choice) => choice.text + choice.count).join()]);
  const move = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const turn = document.documentElement.dir === "rtl" ? -step : step;
    const next = choices[(choices.findIndex((choice) => choice.value === value) + turn + choices.length) % choices.length]!;
    onChange(next.value);
    requestAnimationFrame(() => bar.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
  };
  return (
    <div
      ref={bar}
      class="segments"
      role="tablist"
      aria-label={label}
      data-more={more ? "" : undefined}
      onKeyDown={move}
      onWheel={(event) => {
        // A mouse has no other way to push it.
        if (event.deltaX === 0) event.currentTarget.scrollLeft += event.deltaY * (document.documentElement.dir === "rtl" ? -1 : 1);
      }}
    >
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          role="tab"
          class="segment"
          aria-selected={choice.value === value}
          tabIndex={choice.value === value ? 0 : -1}
          onClick={(event) => {
            event.currentTarget.scrollIntoView({ block: "nearest", inline: "center" });
            onChange(choice.value);
          }}
        >
          {choice.text}
          {choice.count && <span class="count quiet">{choice.count}</span>}
        </button>
      ))}
    </div>
  );
}
