import { useMemo } from "preact/hooks";
import { qrOf } from "../../core/qr";

const border = 4;

/** Text that another device reads with its camera. Dark on light in both themes: many readers know it no other way. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const square = useMemo(() => qrOf(text), [text]);
  // Longer than anything that is shown here; the key below says the same.
  if (!square) return null;
  const size = square.length + 2 * border;
  const dots = square.flatMap((row, y) => [...row].flatMap((dark, x) => (dark ? [`M${x + border} ${y + border}h1v1h-1z`] : [])));
  return (
    <figure class="qr">
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
        <path d={dots.join("")} />
      </svg>
      <figcaption class="soft">{label}</figcaption>
    </figure>
  );
}
