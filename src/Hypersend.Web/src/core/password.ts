export const shortestPassword = 8;
export const longestPassword = 1024;

export type Strength = "weak" | "fair" | "good" | "strong";

export const lengthOf = (password: string): number => [...password].length;

/** A hint, not a gate: the server has the last word. Length counts most, variety a little, repetition nothing. */
export function strengthOf(password: string, own: readonly string[] = []): Strength {
  const distinct = new Set(password.toLowerCase()).size;
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(password)).length;
  const length = lengthOf(password);
  const guessable = /^(.)\1*$/u.test(password) || /^(0123|1234|abcd|qwer|pass|hallo|admin)/i.test(password);
  const personal = own.some((word) => word.length > 2 && password.toLowerCase().includes(word.toLowerCase()));
  let points = Math.min(length, 24) + Math.min(distinct, 14) / 2 + kinds * 2;
  if (guessable) points -= 8;
  if (personal) points -= 6;
  if (length < shortestPassword || points < 15) return "weak";
  if (points < 21) return "fair";
  return points < 28 ? "good" : "strong";
}
