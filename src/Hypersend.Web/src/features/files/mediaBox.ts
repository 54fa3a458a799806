/** The room a picture takes before it is there, so that nothing moves when it comes. */
export function mediaBox(width: number | null | undefined, height: number | null | undefined): { width: string; ratio: string } {
  const w = width && height ? width : 4;
  const h = width && height ? height : 3;
  // Very long or very flat ones are cut; the light box shows all of them.
  const ratio = Math.min(2.4, Math.max(0.56, w / h));
  const most = Math.min(360, ratio * 420);
  return { width: `${Math.round(Math.max(160, Math.min(most, width && height ? Math.max(w, 160) : most)))}px`, ratio: ratio.toFixed(4) };
}
