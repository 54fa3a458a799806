import { useRef, useState } from "preact/hooks";

const most = 6;

/** Wheel, double click and two fingers make it larger; then it can be moved about. */
export function ZoomPicture({ source, small, name, onFail }: { source: string; small: string | null; name: string; onFail: () => void }) {
  const [view, setView] = useState({ scale: 1, x: 0, y: 0 });
  const [there, setThere] = useState(false);
  const grip = useRef<{ x: number; y: number } | null>(null);
  const pinch = useRef<{ apart: number; scale: number } | null>(null);
  const zoom = (scale: number): void => {
    const next = Math.min(most, Math.max(1, scale));
    setView((now) => (next === 1 ? { scale: 1, x: 0, y: 0 } : { ...now, scale: next }));
  };
  return (
    <div
      class="zoom"
      data-zoomed={view.scale > 1 ? "" : undefined}
      onWheel={(event) => {
        event.preventDefault();
        zoom(view.scale * (event.deltaY < 0 ? 1.2 : 1 / 1.2));
      }}
      onDblClick={() => zoom(view.scale > 1 ? 1 : 2.5)}
      onPointerDown={(event) => {
        if (view.scale === 1 || event.pointerType === "touch" && !event.isPrimary) return;
        grip.current = { x: event.clientX - view.x, y: event.clientY - view.y };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        const held = grip.current;
        if (held && !pinch.current) setView((now) => ({ ...now, x: event.clientX - held.x, y: event.clientY - held.y }));
      }}
      onPointerUp={() => (grip.current = null)}
      onTouchStart={(event) => {
        if (event.touches.length === 2) pinch.current = { apart: apart(event), scale: view.scale };
      }}
      onTouchMove={(event) => {
        if (!pinch.current || event.touches.length !== 2) return;
        event.preventDefault();
        zoom(pinch.current.scale * (apart(event) / pinch.current.apart));
      }}
      onTouchEnd={(event) => {
        if (event.touches.length < 2) pinch.current = null;
      }}
    >
      {small && !there && <img class="viewer-media blurred" src={small} alt="" />}
      <img
        class={there ? "viewer-media" : "viewer-media coming"}
        src={source}
        alt={name}
        draggable={false}
        style={{ transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` }}
        onLoad={() => setThere(true)}
        onError={onFail}
      />
    </div>
  );
}

const apart = (event: TouchEvent): number =>
  Math.hypot(event.touches[0]!.clientX - event.touches[1]!.clientX, event.touches[0]!.clientY - event.touches[1]!.clientY);
