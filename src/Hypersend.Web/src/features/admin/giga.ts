const giga = 1_000_000_000;

export const inGiga = (bytes: number): string => (bytes / giga).toFixed(9).replace(/\.?0+$/, "");

/** Bytes of what was written as gigabytes, in whichever digits and with whichever sign for the fraction; null when it is no such number. */
export function ofGiga(written: string): number | null {
  const plain = written.trim().replace(/\p{Nd}/gu, digitOf).replace(/[,٫]/, ".");
  const bytes = Math.round(Number(plain) * giga);
  return /^[0-9]*\.?[0-9]*$/.test(plain) && Number.isSafeInteger(bytes) ? bytes : null;
}

/** The decimal digits of a script stand side by side, from its zero, and no other script's before them where people write with them. */
function digitOf(digit: string): string {
  const code = digit.codePointAt(0)!;
  if (code > 0xffff) return digit;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String(code - zero);
}
