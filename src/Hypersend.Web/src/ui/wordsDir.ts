/** What is written says by itself which way it runs; an empty field runs like its page, or its placeholder would stand on the wrong side. */
export const wordsDir = (value: string): "auto" | undefined => (value === "" ? undefined : "auto");
