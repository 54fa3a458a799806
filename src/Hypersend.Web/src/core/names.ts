/** What turns the order of the letters after it: no name needs it, and with it one can look like another. */
const turns = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Spaces, marks without a shape, and letters whose shape is empty. */
const unseen = /^[\s\p{Cc}\p{Cf}\u115f\u1160\u2800\u3164\uffa0]*$/u;

/** Empty for a name of which nothing can be seen. */
export const plainName = (name: string): string => (unseen.test(name) ? "" : name.replace(turns, ""));

/** What somebody is called here. */
export const personName = (person: { readonly name?: string; readonly username?: string } | null | undefined): string =>
  plainName(person?.name ?? "") || person?.username || "";
