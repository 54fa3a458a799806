/** What turns the order of the letters after it: no name needs it, and with it one can look like another. */
const turns = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export const plainName = (name: string): string => name.replace(turns, "");
