/** What the server takes of a text: all but U+0000 and halves of surrogate pairs, which nobody sees and some clipboards bring along. */
export const storable = (text: string): string => text.replace(/[\0\p{Cs}]/gu, "");
