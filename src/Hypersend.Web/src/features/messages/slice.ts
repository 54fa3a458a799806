/** Which part of the loaded entries is in the page: by keys, since entries come and go at both ends. */
export interface Slice {
  /** Null: from the first one on. */
  readonly first: string | null;
  /** Null: to the last one, and whatever follows it. */
  readonly last: string | null;
}

export const mostShown = 160;

export function rangeOf(keys: readonly string[], slice: Slice, most = mostShown): [start: number, end: number] {
  const last = slice.last === null ? -1 : keys.indexOf(slice.last);
  const end = last < 0 ? keys.length : last + 1;
  const first = slice.first === null ? 0 : keys.indexOf(slice.first);
  let start = first < 0 ? Math.max(0, end - most) : Math.min(first, end);
  // A list that follows its end drops the oldest; any other keeps where it begins.
  if (end - start > most && slice.last === null) start = end - most;
  return [start, Math.min(end, start + most)];
}

const keyed = (keys: readonly string[], start: number, end: number): Slice => ({
  first: keys[start] ?? null,
  last: end >= keys.length ? null : (keys[end - 1] ?? null),
});

export const newest = (keys: readonly string[], size: number): Slice => keyed(keys, Math.max(0, keys.length - size), keys.length);

export function around(keys: readonly string[], key: string, size: number): Slice {
  const at = keys.indexOf(key);
  if (at < 0) return newest(keys, size);
  const start = Math.max(0, at - Math.floor(size / 2));
  return keyed(keys, start, Math.min(keys.length, start + size));
}

/** A step towards the past; what is too far below leaves the page. */
export function earlier(keys: readonly string[], slice: Slice, step: number, most = mostShown): Slice {
  const [start, end] = rangeOf(keys, slice, most);
  const next = Math.max(0, start - step);
  return keyed(keys, next, Math.min(end, next + most));
}

export function later(keys: readonly string[], slice: Slice, step: number, most = mostShown): Slice {
  const [start, end] = rangeOf(keys, slice, most);
  const next = Math.min(keys.length, end + step);
  return keyed(keys, Math.max(start, next - most), next);
}
